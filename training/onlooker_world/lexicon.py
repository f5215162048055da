"""What can be in the drawn world, and what people call it.

THINGS: everyday objects, each drawn as one character of the Noto Color Emoji font. Each has a
canonical name (used in answers) and three to five names that may stand in a question; no name
belongs to two. SHAPES and COLORS name the geometric shapes; a shape of the world is called by
both ("red circle"). WORDS are what signs say, beside the numbers 0 to 99. The orders are class
orders of the vision tower: append, never reorder.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thing:
    """One object: its names, the canonical one first, and its character (one code point)."""

    emoji: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Color:
    """A named colour: every RGB value with low <= value <= high per channel (0 to 255)."""

    name: str
    low: tuple[int, int, int]
    high: tuple[int, int, int]


def article(name: str) -> str:
    """The indefinite article before a name of this lexicon."""
    return "an" if name[0] in "aeiou" else "a"


_IRREGULAR = {"sheep": "sheep", "fish": "fish", "trout": "trout", "herring": "herring",
              "squid": "squid", "fungus": "fungi", "mouse": "mice", "loaf": "loaves",
              "snowman": "snowmen", "mail": "mail", "citrus": "citrus fruits",
              "luggage": "pieces of luggage", "bread": "breads"}
_COLLECTIVE = (" of ",)


def plural(name: str) -> str:
    """The plural of a name of this lexicon: "boxes", "ponies", "slices of pizza"."""
    for joint in _COLLECTIVE:
        if joint in name:
            head, rest = name.split(joint, 1)
            return plural(head) + joint + rest
    head, _, last = name.rpartition(" ")
    if last in _IRREGULAR:
        many = _IRREGULAR[last]
    elif last.endswith("y") and last[-2] not in "aeiou":
        many = last[:-1] + "ies"
    else:
        many = last + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s")
    return f"{head} {many}" if head else many


THINGS = tuple(Thing(chr(code), tuple(names.split(", "))) for code, names in (
    (0x1F415, "dog, puppy, hound, doggy"),
    (0x1F408, "cat, kitty, kitten, house cat"),
    (0x1F40E, "horse, pony, stallion, racehorse"),
    (0x1F404, "cow, dairy cow, heifer"),
    (0x1F416, "pig, hog, piglet"),
    (0x1F411, "sheep, lamb, ram"),
    (0x1F418, "elephant, jumbo, tusker"),
    (0x1F407, "rabbit, bunny, hare"),
    (0x1F413, "rooster, chicken, cockerel"),
    (0x1F41F, "fish, trout, herring"),
    (0x1F422, "turtle, tortoise, terrapin"),
    (0x1F98B, "butterfly, moth, monarch"),
    (0x1F697, "car, automobile, sedan, motorcar"),
    (0x1F68C, "bus, coach, motorbus"),
    (0x1F69A, "truck, lorry, delivery van"),
    (0x1F69C, "tractor, farm tractor, farm vehicle"),
    (0x1F682, "train, locomotive, steam engine"),
    (0x1F6B2, "bicycle, bike, cycle, pushbike"),
    (0x1F681, "helicopter, chopper, copter"),
    (0x26F5, "sailboat, boat, yacht, sailing boat"),
    (0x1F680, "rocket, spaceship, rocket ship"),
    (0x2614, "umbrella, brolly, parasol"),
    (0x26BD, "ball, football, soccer ball"),
    (0x1F388, "balloon, party balloon, toy balloon"),
    (0x1F34E, "apple, red apple, eating apple"),
    (0x1F34C, "banana, plantain, yellow banana"),
    (0x1F355, "pizza, pizza slice, slice of pizza"),
    (0x1F382, "cake, birthday cake, gateau"),
    (0x1FA91, "chair, seat, wooden chair"),
    (0x23F0, "clock, alarm clock, timepiece"),
    (0x1F4D5, "book, novel, textbook"),
    (0x1F511, "key, door key, house key"),
    (0x1F344, "mushroom, toadstool, fungus"),
    (0x1F3A9, "hat, top hat, silk hat"),
    (0x1F45F, "shoe, sneaker, trainer, running shoe"),
    (0x1F3B8, "guitar, electric guitar, six-string"),
    (0x1F333, "tree, oak, leafy tree"),
    (0x1F33B, "flower, sunflower, blossom"),
    (0x1F3E0, "house, home, cottage, building"),
    (0x1F381, "gift, present, gift box, wrapped present"),
    (0x1F392, "backpack, rucksack, school bag"),
    (0x1F405, "tiger, tigress, bengal tiger"),
    (0x1F412, "monkey, ape, chimp"),
    (0x1F43B, "bear, grizzly, grizzly bear"),
    (0x1F43C, "panda, giant panda, panda bear"),
    (0x1F98A, "fox, vixen, fox cub"),
    (0x1F438, "frog, toad, bullfrog"),
    (0x1F40D, "snake, serpent, viper"),
    (0x1F40A, "crocodile, alligator, croc"),
    (0x1F40B, "whale, sperm whale, humpback"),
    (0x1F42C, "dolphin, porpoise, bottlenose"),
    (0x1F419, "octopus, squid, kraken"),
    (0x1F980, "crab, shore crab, crustacean"),
    (0x1F41D, "bee, honeybee, bumblebee"),
    (0x1F41E, "ladybug, ladybird, beetle"),
    (0x1F40C, "snail, slug, garden snail"),
    (0x1F986, "duck, mallard, drake"),
    (0x1F989, "owl, barn owl, night owl"),
    (0x1F427, "penguin, emperor penguin, king penguin"),
    (0x1F985, "eagle, bald eagle, hawk"),
    (0x1F42B, "camel, bactrian camel, desert camel"),
    (0x1F401, "mouse, rat, rodent"),
    (0x1F994, "hedgehog, porcupine, spiny hedgehog"),
    (0x2708, "airplane, plane, aeroplane, jet"),
    (0x1F695, "taxi, cab, taxicab"),
    (0x1F691, "ambulance, ambulance van, rescue van"),
    (0x1F692, "fire engine, fire truck, fire tender"),
    (0x1F6F5, "scooter, moped, motor scooter"),
    (0x1F6A2, "ship, ocean liner, cruise ship"),
    (0x2693, "anchor, boat anchor, iron anchor"),
    (0x1F528, "hammer, mallet, claw hammer"),
    (0x1F4A1, "light bulb, bulb, lightbulb"),
    (0x260E, "telephone, phone, landline"),
    (0x1F4BB, "laptop, computer, notebook"),
    (0x1F4FA, "television, tv, telly"),
    (0x1F4FB, "radio, radio set, transistor radio"),
    (0x1F941, "drum, snare drum, snare"),
    (0x1F3BA, "trumpet, horn, cornet"),
    (0x1F3BB, "violin, fiddle, viola"),
    (0x1F451, "crown, tiara, diadem"),
    (0x1F48D, "ring, engagement ring, wedding ring"),
    (0x1F514, "bell, handbell, hand bell"),
    (0x1F56F, "candle, wax candle, taper"),
    (0x1F35E, "loaf, bread, loaf of bread"),
    (0x1F9C0, "cheese, cheddar, wedge of cheese"),
    (0x1F354, "burger, hamburger, cheeseburger"),
    (0x1F366, "ice cream, ice cream cone, soft serve"),
    (0x1F353, "strawberry, berry, ripe strawberry"),
    (0x1F350, "pear, juicy pear, bartlett"),
    (0x1F34B, "lemon, citrus, sour lemon"),
    (0x1F349, "watermelon, melon, slice of melon"),
    (0x1F955, "carrot, root vegetable, baby carrot"),
    (0x2615, "cup, mug, coffee, cup of coffee"),
    (0x1F335, "cactus, succulent, saguaro"),
    (0x1F916, "robot, android, droid"),
    (0x1F47B, "ghost, spook, phantom"),
    (0x26C4, "snowman, snow figure, frosty snowman"),
    (0x26FA, "tent, camping tent, canvas tent"),
    (0x1F3F0, "castle, fortress, palace"),
    (0x1F9F8, "teddy, teddy bear, stuffed bear"),
    (0x1F6AA, "door, doorway, front door"),
))

SHAPES = ("circle", "square", "rectangle", "triangle", "star", "diamond", "heart", "cross",
          "hexagon", "oval")

COLORS = (
    Color("black", (0, 0, 0), (28, 28, 28)),
    Color("white", (242, 242, 242), (255, 255, 255)),
    Color("gray", (115, 115, 115), (150, 150, 150)),
    Color("brown", (100, 58, 20), (130, 76, 40)),
    Color("red", (205, 10, 10), (240, 40, 40)),
    Color("orange", (240, 105, 0), (255, 128, 20)),
    Color("yellow", (245, 230, 10), (255, 245, 60)),
    Color("green", (15, 130, 25), (50, 165, 60)),
    Color("teal", (0, 115, 110), (20, 140, 135)),
    Color("cyan", (20, 220, 230), (80, 245, 255)),
    Color("blue", (20, 40, 190), (50, 80, 235)),
    Color("purple", (115, 20, 140), (145, 50, 175)),
    Color("pink", (245, 130, 180), (255, 165, 205)),
    Color("gold", (198, 160, 30), (218, 182, 60)),
)

WORDS = tuple("""
able acid alarm album angle apron arch army attic autumn
back badge bakery bank barn basin beach bench bird blanket
board bonus border bottle brake branch brick bridge bright broken
bucket button cable calm camp canal candy carbon cargo castor
center chalk chance change chart check chief city clean climb
closed cloud coast coin cold copper corner cotton country court
cream custom daily danger dark dawn deep delta desk dinner
double down dream drink drive dust early earth east echo
edge eight elbow empty energy engine enter equal error event
exit fabric factor family fast father field final fire first
flag flat floor fog forest fork fresh friend frozen future
game garage garden gate ginger giant glass globe glove grand
grape grass gravel great group guard guest guide half hall
hammock harbor head heat help high hill hobby hotel hour
idea inch island jacket jelly join juice jungle kitchen knee
lake late lawn lazy level library lift linen lobby local
lucky lunch magic market meadow menu metal middle milk minute
mirror money month motor museum music narrow nature never night
north number ocean office open orbit paper park peace pencil
pepper photo planet poem point pool powder press pull push
""".split())

THING = {name: thing for thing in THINGS for name in thing.names}
COLOR = {color.name: color for color in COLORS}
