"""The 41 things of the drawn world and what people call them.

Each thing has one canonical name (used in answers), one emoji of the Noto Color Emoji font
(how it is drawn), and three to five names that may stand in a question. No name belongs to
two things. The order of THINGS is the class order of the vision tower; append, never reorder.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thing:
    """One object of the world.

    name: canonical singular name, lower case. emoji: the drawn character (one code point, no
    variation selector). names: every name that may stand for it, the canonical one first.
    """

    name: str
    emoji: str
    names: tuple[str, ...]

    @property
    def article(self) -> str:
        """"a" or "an", as it stands before the canonical name."""
        return article(self.name)


def article(name: str) -> str:
    """The indefinite article before a name of this lexicon (no silent h, no "u" as in unit)."""
    return "an" if name[0] in "aeiou" else "a"


def plural(name: str) -> str:
    """The plural of a name of this lexicon."""
    irregular = {"sheep": "sheep", "fish": "fish", "trout": "trout", "puppy": "puppies",
                 "doggy": "doggies", "kitty": "kitties", "pony": "ponies", "bunny": "bunnies",
                 "lorry": "lorries", "butterfly": "butterflies", "brolly": "brollies",
                 "monarch": "monarchs", "slice of pizza": "slices of pizza", "fungus": "fungi"}
    if name in irregular:
        return irregular[name]
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


THINGS = (
    Thing("dog", "\U0001F415", ("dog", "puppy", "hound", "doggy")),
    Thing("cat", "\U0001F408", ("cat", "kitty", "kitten", "house cat")),
    Thing("horse", "\U0001F40E", ("horse", "pony", "stallion", "racehorse")),
    Thing("cow", "\U0001F404", ("cow", "dairy cow", "heifer")),
    Thing("pig", "\U0001F416", ("pig", "hog", "piglet")),
    Thing("sheep", "\U0001F411", ("sheep", "lamb", "ram")),
    Thing("elephant", "\U0001F418", ("elephant", "jumbo", "tusker")),
    Thing("rabbit", "\U0001F407", ("rabbit", "bunny", "hare")),
    Thing("rooster", "\U0001F413", ("rooster", "chicken", "cockerel")),
    Thing("fish", "\U0001F41F", ("fish", "trout", "herring")),
    Thing("turtle", "\U0001F422", ("turtle", "tortoise", "terrapin")),
    Thing("butterfly", "\U0001F98B", ("butterfly", "moth", "monarch")),
    Thing("car", "\U0001F697", ("car", "automobile", "sedan", "motorcar")),
    Thing("bus", "\U0001F68C", ("bus", "coach", "motorbus")),
    Thing("truck", "\U0001F69A", ("truck", "lorry", "delivery van")),
    Thing("tractor", "\U0001F69C", ("tractor", "farm tractor", "farm vehicle")),
    Thing("train", "\U0001F682", ("train", "locomotive", "steam engine")),
    Thing("bicycle", "\U0001F6B2", ("bicycle", "bike", "cycle", "pushbike")),
    Thing("helicopter", "\U0001F681", ("helicopter", "chopper", "copter")),
    Thing("sailboat", "\u26F5", ("sailboat", "boat", "yacht", "sailing boat")),
    Thing("rocket", "\U0001F680", ("rocket", "spaceship", "rocket ship")),
    Thing("umbrella", "\u2614", ("umbrella", "brolly", "parasol")),
    Thing("ball", "\u26BD", ("ball", "football", "soccer ball")),
    Thing("balloon", "\U0001F388", ("balloon", "party balloon", "toy balloon")),
    Thing("apple", "\U0001F34E", ("apple", "red apple", "eating apple")),
    Thing("banana", "\U0001F34C", ("banana", "plantain", "yellow banana")),
    Thing("pizza", "\U0001F355", ("pizza", "pizza slice", "slice of pizza")),
    Thing("cake", "\U0001F382", ("cake", "birthday cake", "gateau")),
    Thing("chair", "\U0001FA91", ("chair", "seat", "wooden chair")),
    Thing("clock", "\u23F0", ("clock", "alarm clock", "timepiece")),
    Thing("book", "\U0001F4D5", ("book", "novel", "textbook")),
    Thing("key", "\U0001F511", ("key", "door key", "house key")),
    Thing("mushroom", "\U0001F344", ("mushroom", "toadstool", "fungus")),
    Thing("hat", "\U0001F3A9", ("hat", "top hat", "silk hat")),
    Thing("shoe", "\U0001F45F", ("shoe", "sneaker", "trainer", "running shoe")),
    Thing("guitar", "\U0001F3B8", ("guitar", "electric guitar", "six-string")),
    Thing("tree", "\U0001F333", ("tree", "oak", "leafy tree")),
    Thing("flower", "\U0001F33B", ("flower", "sunflower", "blossom")),
    Thing("house", "\U0001F3E0", ("house", "home", "cottage", "building")),
    Thing("gift", "\U0001F381", ("gift", "present", "gift box", "wrapped present")),
    Thing("backpack", "\U0001F392", ("backpack", "rucksack", "school bag")),
)

INDEX = {thing.name: i for i, thing in enumerate(THINGS)}
BY_NAME = {name: thing for thing in THINGS for name in thing.names}
