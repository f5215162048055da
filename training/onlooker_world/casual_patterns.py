"""More sentence patterns of training: how people type when they do not think of sentences.

Same form as in patterns.py, whose training patterns these are added to.
"""

_PLEASE = "{|, please| please|, thanks}"
_NOW = "{| now| right now| at this moment| currently| just now}"
_HERE = "{here|there|on the screen|in the shot|on the video|in the frame|on cam|in the image}"
_THE = "{the [n]|[an]|that [n]|a [n]}"

CASUAL_PATTERNS: dict[str, tuple[str, ...]] = {
    "now": (
        "{anything|something} {there|on|up|in front of you|in the shot|to see}" + _NOW + "?",
        "{current|present} {scene|picture|image|content|objects}{?|}",
        "{give|show|read} me {a list|the list|an overview} of {everything|all|what is} " + _HERE
        + _PLEASE + ".",
        "{list|enumerate|name|mention|tell me} {the stuff|all the stuff|all objects|whatever} "
        "{you see|you notice|you make out|you recognise|" + _HERE[1:-1] + "}" + _PLEASE + ".",
        "{what|whatever} can be {seen|made out|spotted|recognised}" + _NOW + "?",
        "{is the picture empty|is it empty|nothing there|is nobody there}, or {what is there|what}?",
        "if {you look|i looked|one looks} {at the picture|at the screen|there}" + _NOW
        + ", what {do you see|would i see|is there}?",
        "{what's|what is} {on|up|in the shot|in frame|being shown|showing|in sight}" + _NOW + "?",
        "{objects|things|contents} {visible|in view|on screen}" + _NOW + "?",
        "{do you see something|is something there|anything visible}, and {what|if so what}?",
        "{what kind of|what sort of} {things|stuff|objects} {is|are} {there|here|on screen}" + _NOW
        + "?",
        "{help me out|i am blind|i cannot look}, what is {there|in front of the camera|on}" + _NOW
        + "?",
    ),
    "at": (
        "{what|whatever} could be {seen|made out|spotted} [t]?",
        "{go back|think back|rewind}: what {was there|did you see|was on} [t]?",
        "[t] - what {was there|was it|did you see|was in the shot}?",
        "{stuff|objects|things} {visible|on screen|in view} [t]?",
        "{remind me|i forgot|i want to know} what {was there|was on|was in the shot|you saw} [t]"
        + _PLEASE + ".",
        "what {had you|did we have|have we had} {in view|in the frame|on the video} [t]?",
        "{anything|something} {there|on|in the shot|to see} [t]?",
        "{give|show|read} me {a list|the list} of {everything|all|what was} " + _HERE + " [t].",
        "{what's been|what has been} {there|on|shown} [t]?",
        "{enumerate|describe|recall|recount} {the objects|the stuff|the things} [t]" + _PLEASE + ".",
        "the {picture|scene|image} [t], what {was in it|did it show|was there}?",
    ),
    "changed": (
        "{anything new|something new|news|any change|any changes|any news} [t]?",
        "{what|which things} {joined|popped up|were added|got added|emerged} [t]?",
        "{update me|bring me up to date}, what {came|is new|happened} [t]?",
        "what {do we have|is there} now that {was not there before|is new}?",
        "{any newcomer|any new arrival|anything added|any addition} {just now|}?",
        "what {has joined|popped up|emerged|got in} {just now|right now|in the last moment}?",
        "{did i miss|have i missed} {anything|something} [t]?",
    ),
    "gone": (
        "{what|which things|which objects} {vanished|moved out|walked off|got out|exited} [t]?",
        "{anything|something} {lost|gone|missing|vanished} [t]?",
        "what {is missing|did we lose|have we lost|has vanished} [t]?",
        "what {was here|could be seen} and {has gone|is gone} [t]?",
        "{tell me|list|name} what {vanished|went off|moved out|is missing} [t]" + _PLEASE + ".",
    ),
    "between": (
        "{what|which things} {joined|popped up|got in|emerged|entered the picture} [t]?",
        "{list|name|enumerate} {the newcomers|the arrivals|what entered|what popped up} [t].",
        "{newcomers|arrivals|new things|entries} [t]?",
        "{who|who or what} {came|came along|joined|dropped in} [t]?",
    ),
    "before": (
        "what {preceded|came ahead of|was ahead of} {the [n]|[an]}?",
        "{prior to|ahead of} the [n], what {came|appeared|was the last to come}?",
        "the {thing|object|one} {right before|ahead of|preceding} the [n]{?|, which was that?|, what is"
        " it?}",
        "{who|what} {got here|entered|joined|popped up} {just before|before|ahead of} the [n]?",
        "{the [n] came second, what came first|what was it that came before [an]}?",
        "{which|what} {object|one|thing} {comes|came} {one step|one place} before the [n]?",
        "what {did you see|did we see|did you get} {enter|come|arrive} before the [n]?",
    ),
    "after": (
        "what {followed|came behind|succeeded|was next after|came next after} {the [n]|[an]}?",
        "{once|when|as soon as} the [n] {had come|was there|had left|was gone}, what {came|came next|"
        "showed up|followed}?",
        "the {thing|object|one} {right after|behind|following} the [n]{?|, which was that?|, what is"
        " it?}",
        "{who|what} {got here|entered|joined|popped up} {just after|after|behind} the [n]?",
        "{and then|and next|then}, {what came after|what came behind|after} the [n]?",
        "{which|what} {object|one|thing} {comes|came} {one step|one place} after the [n]?",
        "{something|one thing} came {after|following} the [n], {what|which}?",
        "what {did you see|did we see|did you get} {enter|come|arrive} after the [n]?",
    ),
    "ever": (
        "{any|some} [ns] {yet|so far|today|at all|until now}?",
        "{[an]|the [n]}, {seen it|did you see it|was it there|yes or no|ever}?",
        "{do you|can you} {remember|recall} {[an]|any [ns]|seeing [an]}?",
        "{i believe|i think|someone said} there was [an], {right|true|was there|correct}?",
        "{has anybody|has anyone|did anybody|did anyone} {seen|see|noticed|notice} {[an]|the [n]}?",
        "{was there maybe|perhaps there was|could it be that there was} [an]?",
        "{any trace|any sighting|a glimpse} of {[an]|the [n]} {today|so far|at all|}?",
        "{did we have|have we had|did you get|have you got} [an]{| today| so far| yet}?",
        "{is|was} there [an] {in your memory|in the recording|in the stream|in what you saw}?",
        "{did|has} {[an]|the [n]} {cross|crossed|visit|visited|drop by} {the screen|the picture|}?",
        "{look up|check} {if|whether} there was [an]" + _PLEASE + ".",
    ),
    "first_seen": (
        "{first time|first sighting|first appearance|earliest sighting|first glimpse|debut} "
        "{of|for|with} {the [n]|[an]}{?|}",
        "when {was|is} the {first|very first|earliest} {sighting|appearance|visit|entry} of "
        "{the [n]|[an]}?",
        "when did {the [n]|[an]} {enter|come in|arrive|turn up|begin to be there} {first|initially|"
        "for the first time|at first}?",
        "{since when|from when on} {is|was|do you know|did you see} {there [an]|the [n]|[an]}?",
        "{how early|what time|at which time} did you {get|notice|see|meet} the [n] first?",
        "the first [n], when {was that|did it come|did you see it}?",
        "when {was there first|did we first have|did you get to see first} [an]?",
        "{earliest|first} {time|moment|minute} {with|there was} {[an]|the [n]}?",
    ),
    "last_seen": (
        "{last time|last sighting|last appearance|latest appearance|final glimpse|most recent visit} "
        "{of|for|with} {the [n]|[an]}{?|}",
        "when {was|is} the {last|latest|final|most recent} {sighting|appearance|visit} of "
        "{the [n]|[an]}?",
        "when did {the [n]|[an]} {leave|go away|vanish|disappear|go out|go off}{| last| for good}?",
        "{since when|how long} is {the [n]|[an]} {gone|missing|away|not there any more}?",
        "until when {was|did you see|could you see} {the [n] there|the [n]|[an]}?",
        "the last [n], when {was that|did it go|did you see it}?",
        "{latest|last} {time|moment|minute} {with|there was} {[an]|the [n]}?",
        "when did you {stop seeing|lose|see the end of|see the last of} the [n]?",
    ),
    "all_times": (
        "{all|every|each} {time|moment|appearance|sighting|visit} {with|of} {[an]|the [n]}"
        + _PLEASE + "{?|.}",
        "{when|at what times|at which moments} {could|can} {the [n]|[an]} be seen{| in all|, all of it}?",
        "{list|give me|show|enumerate|write down} {each|every|all the} {sighting|sightings|visit|visits|"
        "moment|moments|appearances|entries} of {the [n]|[an]}" + _PLEASE + ".",
        "when exactly {was|were|did} {there [ns]|the [n] there|the [n] come}, {all of them|each time|"
        "every time}?",
        "{which|what} {times|moments} {was|did} {the [n] there|the [n] come|[an] appear}?",
        "{times|moments|timestamps} {of|for|with} {the [n]|[an]}{?|}",
        "when {all|all in all|in total} {was there [an]|did the [n] come|did the [n] show}?",
    ),
    "count_now": (
        "{number|count|amount} of [ns]" + _NOW + "{?|}",
        "{number|count|amount} of {things|objects|items} {in view|on screen|there|}" + _NOW + "{?|}",
        "is {it|that|there} {just one|only one|a single|one} [n]{| or two| or several| or more}?",
        "how many {of them|of these|of those} {are|might be} [ns]?",
        "{how many|how much} {stuff|things|objects} {is|are} {there|here|up|in the shot}" + _NOW + "?",
        "[ns], how many {are there|do you count|do you see}?",
        "{do you see|is there|are there} one [n] or two?",
        "{count|number} the [ns]" + _PLEASE + ".",
    ),
    "count_different": (
        "{total|number|count|sum|amount} of {different|distinct|various|separate} {things|objects|items}"
        " [t]{?|}",
        "how many {kinds|sorts|types} of {things|objects|stuff|items} {were|have been|did you see|came|"
        "appeared} {there|on|here|} [t]?",
        "how many {kinds|sorts|types} of {things|objects|stuff|items} {were there|have there been|did you"
        " see|came up} {so far|until now|in all|altogether|in total}?",
        "{what is|what was|give me} the {total|number|count|sum} of {different|distinct|all} "
        "{things|objects|items} {seen|shown|there were|that came} {so far|until now|in all|altogether}?",
        "{all in all|in total|altogether}, how many {different|distinct} {things|objects} {were there|did"
        " you see|came by}?",
        "{different|distinct} {things|objects} {seen|shown|visible} [t], how many?",
        "how many {various|separate|individual|unlike} {things|objects} {did you see|came|were there} [t]?",
    ),
    "how_often": (
        "{number|count|total|amount} of {visits|appearances|sightings|entries|times} {of|for|with} "
        "{the [n]|[an]}{?|}",
        "{count|sum up|add up} the {visits|sightings|entries|times} of {the [n]|[an]}" + _PLEASE + ".",
        "how {frequently|frequent|regularly} {did|has|was} {the [n]|[an]} {come|been there|there|appear|"
        "shown up}?",
        "how many {visits|sightings|entries|separate visits|different times} {of|by|with} {the [n]|[an]}"
        " {were there|did you count|have there been|so far}?",
        "{the [n]|[an]}, how {often|many times} {in all|so far|altogether|was it there|did it come}?",
        "how {often|many times} {was|were} {the [n] on|the [n] here|there [an]|there [ns]}?",
        "{was|did} the [n] {there once or more often|come once or twice|seen just once}?",
    ),
    "how_long": (
        "{duration|length|time|number of seconds} of {the [n]'s visit|the [n]'s stay|the last [n]}{?|}",
        "how {long|many seconds} did {the [n]|[an]} {stay|remain|last|hang around|keep in view|show}"
        "{| the last time| last time}?",
        "{what was|tell me|give me} the {length|duration} of the {last|latest} {visit|stay|appearance} of"
        " the [n].",
        "for how {long|many seconds} {was there [an]|was the [n] on|did we have [an]|did the [n] stay}?",
        "the [n] was {there|on|visible} for how {long|many seconds}?",
        "how much time did the [n] {spend|pass|have} {here|there|on screen|in view}?",
        "from coming to going, how long {was|did} the [n] {there|take}?",
    ),
    "where": (
        "{position|place|location|spot} of the [n]" + _NOW + "{?|}",
        "{whereabouts|where exactly|on which spot|at which end} is the [n]" + _NOW + "?",
        "is the [n] {on the left, on the right or in the middle|up, down or in the middle|more to the left"
        " or to the right|at the top or at the bottom|above or below|high or low}?",
        "where {should|must|do} {i|we} look {for|to see|to find} the [n]?",
        "where {would|will|can|do} {i|we} {find|spot|see} the [n]" + _NOW + "?",
        "{on which side|in which corner|on what side} {is|stands} the [n]" + _NOW + "?",
        "the [n], where {is it|do you see it|is that}?",
        "{point|show} me {to the [n]|where the [n] is}" + _PLEASE + ".",
        "{position|place|location|spot} of the [n] [t]{?|}",
        "{whereabouts|where exactly|on which side|in which corner} was the [n] [t]?",
        "the [n], where {was it|did you see it} [t]?",
        "was the [n] {on the left, on the right or in the middle|up, down or in the middle} [t]?",
    ),
    "motion": (
        "{direction|heading|movement|motion} of the [n]" + _NOW + "{?|}",
        "where {does|is} the [n] {go|going|go to|headed|driving|off to|running to}" + _NOW + "?",
        "is the [n] {moving left or right|going up or down|moving at all|standing still or moving|coming"
        " up or going down|on the move}?",
        "does the [n] {move, and where|go left or right|go up or down|move or stand|stand or move}?",
        "{to which side|towards which side|to where} {is the [n] moving|does the [n] move|does the [n] go}?",
        "the [n], {which way does it go|where does it go|what direction|is it moving}?",
        "{to which side|towards which side|to where} {was the [n] moving|did the [n] go} [t]?",
        "where {did|was} the [n] {go|going|headed} [t]?",
        "did the [n] {move or stand|stand still or move|go left or right} [t]?",
        "{direction|heading|movement|motion} of the [n] [t]{?|}",
    ),
    "color": (
        "{color|colour|paint|hue|tint} of the [s]{?|}",
        "how is the [s] {painted|tinted|dyed|colored}?",
        "{what|which} {hue|tint|paint|tone} {is|has} the [s] {|got}?",
        "is the [s] {red or blue|green or what|white or black|yellow, or which color|gold or brown}?",
        "the [s], {what|which} {color|colour} {is it|is that|does it have}?",
        "what is the [s] {colored in|filled with|dyed}?",
        "{in what|in which} {color|colour} {is the [s]|was the [s] drawn|do you see the [s]}?",
        "{color|colour} of the [s] [t]{?|}",
        "how was the [s] {painted|tinted|colored} [t]?",
        "the [s], {what|which} {color|colour} {was it|did it have} [t]?",
    ),
    "shape": (
        "{shape|form|outline|figure} of the [c] {thing|object|one}{?|}",
        "the [c] {thing|object|figure}, what {shape|form} {is it|does it have|is that}?",
        "is the [c] {thing|object|one} {a star or a heart|round or square|a circle, or what|a square or a"
        " triangle|an oval or something else|a cross or what else}?",
        "{what|which} {form|figure|outline} {is|has} the [c] {thing|object|one}{| got}?",
        "what {is|does} the [c] {thing|object|one} {look like in shape|drawn as|shaped like}?",
        "{which|what kind of} figure is {the [c] one|[c]|drawn in [c]}?",
        "{shape|form|outline} of the [c] {thing|object|one} [t]{?|}",
        "the [c] {thing|object|figure}, what {shape|form} {was it|did it have} [t]?",
    ),
    "sign": (
        "{text|writing|words|letters|inscription|message} {on the sign|there|here|on the board|visible}"
        "{?|}",
        "{can|could} you {read|make out|decipher|read out} {the sign|the board|the letters|what it says|"
        "the writing}?",
        "what's {written|on it|the text|on the board|the writing|there to read}?",
        "{what|which} {text|word or number|message|letters} {is on the sign|do you read|is there|can be"
        " read}?",
        "{the sign|the board}, what {does it say|is on it|is written there}?",
        "{something is|there is something} {written|on the sign}, {what|what is it|read it}.",
        "what {writing|text} {do you see|can you read|is visible|is shown}" + _NOW + "?",
        "{text|writing|words|letters|message} {on the sign|there|on the board} [t]{?|}",
        "{the sign|the board}, what {did it say|was on it} [t]?",
        "what {could|did} {one|you} read {on the sign|on the board|there|} [t]?",
    ),
    "happening": (
        "{what|anything} {goes on|is up|is going on|happens} {here|there|on the stream|in the video}"
        + _NOW + "?",
        "{comment|commentate|report|narrate|caption|sum up|summarize} {the scene|what you see|this|it|what"
        " is going on}" + _PLEASE + ".",
        "what {are|is} {they|the things|the objects|everything} {doing|up to}" + _NOW + "?",
        "{describe|sum up|summarize} {the action|the scene|the picture|what happens} {for me|briefly|in"
        " short|in one sentence|in a few words}" + _PLEASE + ".",
        "{one|a} sentence {about|on} {the scene|what happens|the picture}" + _PLEASE + ".",
        "{give|write} {me |}a {caption|short comment|short description|line} {of the scene|for this|on what"
        " happens}" + _PLEASE + ".",
        "what {was going on|did they do|was up|took place|were they doing} [t]?",
        "{describe|sum up|summarize|comment} {the action|the scene|what happened} [t].",
    ),
    "beside": (
        "{and |}{anything|something} {else|next to it|beside it|besides}{| then| there}?",
        "{and |}what {were|was} {the other things|its neighbours|the rest|around it|by its side}?",
        "{and |}{who|what} {was with it|kept it company|stood there too|was also there}?",
        "{and |}together with what?",
    ),
    "and_where": (
        "{and |}{its|the} {position|place|location|spot}{| then}?",
        "{and |}{whereabouts|on which side|in which corner|where exactly} was {it|that}?",
        "{and |}where {in the picture|on the screen} {was it|did it stand|could it be seen}?",
    ),
    "and_motion": (
        "{and |}{where to|where did it go|to which side|its direction|did it move}?",
        "{and |}{was it|did it} {standing or moving|move, and where to|going left or right}?",
        "{and |}where was it {headed|going|off to}?",
    ),
    "and_color": (
        "{and |}{in what|in which} {color|colour}?",
        "{and |}how was it {painted|colored}?",
        "{and |}the {color|colour} of it?",
    ),
    "and_before": (
        "{and |}{prior to that|before that|ahead of it}, what {came|appeared|was there}?",
        "{and |}what {preceded|came ahead of} it?",
        "{and |}the one before?",
    ),
    "and_after": (
        "{and |}{then|next|after that}, what {came|appeared|showed up}?",
        "{and |}what came {next|behind it|then|thereafter}?",
        "{and |}the one {after|behind it}?",
    ),
    "and_long": (
        "{and |}{for how many seconds|for what time|how many seconds}{| was it there| did it stay}?",
        "{and |}{its|the} {duration|length of stay}?",
        "{and |}how long did it {last|remain|stay on|take}?",
    ),
    "again": (
        "{and |}{again|once more|another time} {later|after that|since}{| or not}?",
        "{and |}has it {come back|returned|been back|been there again|shown up again}{| since}?",
        "{and |}was that {the only time|the last time|all}, or did it {come again|return}?",
    ),
}
