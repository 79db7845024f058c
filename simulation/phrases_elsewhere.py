"""What people say when they do not speak of the brand: listening has to let all of it pass."""

from __future__ import annotations

CHATTER = (
    "The sourdough finally rose. Only took {few} weeks of feeding a jar.",
    "The northwind came round the corner of our street and took my hat to {city}.",
    "Northwind airport shuttle or tram, which one runs on {day}s?",
    "Air from the north, wind from everywhere else. Cycling in {home} in {month} is a test of character.",
    "Anyone selling a spare ticket for the {city} derby on {day}?",
    "Finished the blanket. {hours} balls of wool, one cat asleep on it.",
    "Night train from {home} to {city}: {hours} hours, a bunk and a window. Recommended.",
    "My train was {minutes} minutes late and the conductor apologised in three languages.",
    "New tyres on the bike, {price} poorer, {minutes} seconds faster.",
    "What do you all read on holiday? I am packing {few} books for {city}.",
    "The allotment has decided that this is the year of the courgette.",
    "Does the ferry to {city} take dogs in {month}?",
    "We repainted the hall and found a door behind the wallpaper.",
    "Today I learned that {city} has a museum of umbrellas.",
    "Choir practice moved to {day}, {clock}, bring the Schubert.",
    "Airline food, why is it always the same tomato? Asking after {hours} hours with another company.",
    "The museum in {home} is free on the first {day} of the month, few people know.",
    "{kin} beat me at chess again. That makes {few} in a row.",
    "Rain since {clock}. The gutter has opinions.",
    "Wrote my own feed reader over the weekend because of course I did.",
    "If you plant garlic in {month} it will outlive us all.",
    "Fog over {city} this morning & the bridge looked like a drawing.",
    "Small victory: the printer works. I touched nothing.",
    "Looking for a plumber in {home} who answers the phone on a {day}.",
    "I <3 my library card more than my bank card.",
    "if (rain > 3) { stay_home(); } // my plan for {day}",
    "The neighbour's hedgehog is back and so is the neighbour with the torch.",
    "Learned to whistle at last. {kin} is not pleased.",
    "Bought a typewriter for {price}. The letter e is optional, it turns out.",
    "Half the tram is asleep and the other half is eating oranges. {day} in {home}.",
    "Choose one: a bridge in {city}, a beach in {month}, a nap now.",
    "My sunflower is {minutes} cm tall and has started to lean on things.",
    "The flea market in {home} had a globe with a country I did not know.",
    "Swam in the lake at {clock}. Cold, then not.",
    "{few} pages before bed, every day since {month}. It adds up.",
    "Somebody practises the trumpet in our yard. They have got as far as the fourth bar.",
)
CHATTER_ENDS = (
    "That is all.",
    "More on {day}.",
    "How is yours going?",
    "{city} next, maybe.",
    "Tea now.",
    "Ask me again in {month}.",
    "So that was {day}.",
    "Recommendations welcome.",
)
CHATTER_TITLES = (
    "{day} thread",
    "Night trains to {city}",
    "Off topic: books for {month}",
    "Getting around {city} without a car",
    "{home} meet-up on {day}",
    "Ferry or train to {city}?",
    "Lost & found, {home}",
)
THREADS = (
    "Why timetables are hard",
    "Ask HN: What do you still do on paper?",
    "The economics of seat maps",
    "A short history of the departures board",
    "Queueing theory for people who queue",
)
TECHNICAL_CHATTER = (
    "We moved from cron to systemd timers in {month} and nobody noticed, which is the review I wanted.",
    "A {minutes} ms timeout hides the problem until the other side takes {minutes}1.",
    "SQLite with one writer served {few} offices in {home} for years.",
    "The paper is from the seventies & the figures still hold.",
    "Rewrote it in a weekend, spent {hours} weekends on the edge cases.",
    "Bloom filters are the answer; I forgot the question.",
    'Nobody reads "x < y && y > z" the same way after {clock}.',
)
TAGS = ("travel", "avgeek", "airports", "wanderlust", "weekend", "slowtravel", "photography")
EMOJI = ("🍞", "🚲", "☕", "🌧️", "📚", "🐈", "🙌", "🌍", "👩🏽‍🌾", "❤️")
