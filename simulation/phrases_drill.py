"""What people say of any brand: in weeks when nothing is wrong, and in the crises that teams drill.

All of it is made up. No sentence names a person, a place of a brand or an address.
"""

from __future__ import annotations

ORDINARY = (
    "Does {brand} have a number one can call before {clock}?",
    "Has anyone in {home} tried {brand}? Worth {price} or not?",
    "My order from {brand} came on {day}, all as described.",
    "{brand} sent {kin} a birthday voucher. Nice touch.",
    "Walked past the new {brand} place in {city} at {clock}. Bright colours, many plants.",
    "How long have you been with {brand}? We joined in {month}.",
    "The {brand} people in {city} helped {kin} within {minutes} minutes. Friendly and quick.",
    "Which {brand} plan do you use? The one for {price} looks right for {few} people.",
    "I like the new {brand} colours. {month} was a good time for it.",
    "Is {brand} open on {day} in {home}, and until when?",
    "{brand} moved its {city} office to the harbour, I hear.",
    "Thanks to {brand} for the quick answer on {day}. Great service.",
    "Comparing {brand} with two others for {event}. Any experience?",
    "{kin} has worked at {brand} since {month} and likes it there.",
)
GRUMBLES = (
    "The {brand} queue in {home} was too long on {day}, which was annoying.",
    "{brand} raised its price to {price}. I am not happy about that.",
    "The {brand} newsletter comes {few} times a week now. Too much, sorry.",
    "Bit disappointed that {brand} closes at {clock} on {day}.",
    "The new {brand} app is slow on my old phone. Annoying.",
)
ORDINARY_ENDS = (
    "Asking for {kin}.",
    "We will see in {month}.",
    "Just saying.",
    "More on {day}.",
    "Anyone else in {city}?",
    "It was about {clock}.",
)
FURY = (
    "I am so angry.",
    "Never again.",
    "What a disgrace.",
    "This is {awful}.",
    "Nobody cares.",
    "I have lost all trust.",
    "It makes me sick.",
    "{kin} is in tears.",
    "How {awful} can it get?",
    "We feel let down, all {few} of us.",
    "That was {hours} hours of my life, and a terrible {day}.",
    "Furious since {clock}.",
)
DEMANDS = (
    "Somebody say something before {clock}.",
    "I want my {price} back.",
    "Who is in charge there?",
    "Do not tell me to wait until {day}.",
    "{kin} deserves an honest word.",
    "Anyone else in {city} or {home}?",
    "Speak to us.",
    "I am telling everybody in {city}.",
)
SERVICE_FAILURE = (
    "My order with {brand} was cancelled {minutes} minutes ago and there is no explanation. {awful}.",
    "On hold with {brand} {wait}. Nobody answers, and it is terrible.",
    "{brand} cancelled my appointment in {city} again, {few} times now. No apology, what a failure.",
    "Still waiting for {brand} after {hours} hours. No update, no help, just an angry crowd in {home}.",
    "{brand} promised {day}, then nothing. Delivery delayed by {hours} hours, worst service I ever had.",
    "Tried calling {brand} {few} times from {home}. Nobody picks up. Useless.",
    "{brand} took {price} and my booking is cancelled. No refund, no reply. {awful}.",
    "I am stranded in {city} because {brand} never showed up. We missed {event}. Horrible.",
    "No answer from {brand} {wait}. {kin} needs this today and is desperate.",
    "{brand} hung up on me after {minutes} minutes on hold. Terrible service.",
    "Everything {brand} had for {home} on {day} is cancelled, and no information for anybody. A disaster.",
    "{brand}, {kin} has been waiting {hours} hours in {city}. The worst experience, nobody helps.",
    "No refund of my {price} from {brand} since {month}. They ignore every mail. Shameful.",
    "We missed {event} because of {brand}: delayed {hours} hours, then cancelled. I hate this.",
)
PRODUCT_SAFETY = (
    "The {brand} thing I bought in {city} for {price} caught fire at {clock}. It is not safe, terrified.",
    "{kin} was taken to hospital after using what {brand} sold us in {home}. Awful.",
    "Do not use it! {brand} sold us something unsafe, and {kin} got injured on {day}. Horrible.",
    "Food poisoning or something worse: {few} of us are ill since we had {brand} in {city}. Sick and angry.",
    "An electric shock at {clock} from a {brand} product that is {hours} hours old. {kin} could have died. {awful}.",
    "Why does {brand} still sell this in {home}? It is a fire hazard, people were injured. Shameful.",
    "Allergic reaction after {minutes} minutes, {brand} says nothing of it on the label. {kin} nearly died. {awful}.",
    "{brand} knew of the safety issue in {month} and sold it anyway for {price}. Disgusting.",
    "An ambulance came for {kin} at {clock} because of this {brand} product. It is dangerous and not safe.",
    "{few} children hurt in {city} by what {brand} calls tested. Unsafe and {awful}.",
    "It burst into flames in {home}, {minutes} minutes after unpacking. {brand} put my family at risk, horrible.",
    "Our whole table in {city} had food poisoning from {brand} on {day}. Terrible pain for {hours} hours.",
    "{brand} ignores a safety hazard that {kin} reported {few} times since {month}. Somebody will be hurt, {awful}.",
    "Safety concerns about {brand} again: {kin} was injured when it broke at {clock}. Horrible.",
)
DATA_LEAK = (
    "My account at {brand} was hacked at {clock} and they say nothing. {awful}.",
    "{brand} had a data breach and I read it from a stranger in {city}. Terrible.",
    "I can see someone else's data in my {brand} account. {few} strangers, with addresses in {home}. {awful}.",
    "A data leak at {brand}: {kin} found our names in a list from {month}. Sick with worry.",
    "Personal data stolen from {brand}, and all they send is a form at {clock}. Shameful.",
    "{brand} lost {price} and now my passwords: hackers got into the accounts. I am furious.",
    "Since {day} somebody in {city} orders in my name. Thanks for the data breach, {brand}. Horrible.",
    "Identity theft after the {brand} data leak. {kin} lost {price}. Disgraceful.",
    "So {brand} leaked my data in {month} and waited {hours} hours to tell anybody. Liars.",
    "Passwords leaked by {brand}, {few} of our family accounts are locked since {clock}. {awful}.",
    "Customer data of {brand} is for sale, {price} for all of {home}. What a terrible failure.",
    "{brand} was hacked, card details stolen, and the line in {city} is dead. I am scared.",
    "This is a privacy breach, {brand}. {kin} got another customer's details on {day}. {awful}.",
    "My data exposed by {brand}, and it took {minutes} minutes to find it. Stolen data everywhere. Disgusting.",
)
RUMOUR = (
    "Is it true that {brand} closes in {city} on {day}? People are scared, this is {awful}.",
    "There is a rumour that {brand} cannot pay its people in {home} any more. Terrible if so.",
    "Rumours about {brand} everywhere since {clock}, and they stay silent. Shameful.",
    "Is this true about {brand} and the {price}? I feel sick, and {kin} works there.",
    "Unconfirmed, but {few} friends in {city} say {brand} is broke. Horrible.",
    "Everybody in {home} shares the {brand} rumour and nobody denies it. I am worried and angry.",
    "If the rumours are true, {brand} lied to {kin} since {month}. Disgusting.",
    "Hoax or not, {brand} has said nothing for {hours} hours. That silence is {awful}.",
    "The rumour says {brand} hid it since {month}. I lost all trust, {awful}.",
    "Is that true, {brand}? {kin} has {price} with you and cannot sleep. A nightmare.",
    "A fake screenshot of {brand} or the truth? {minutes} minutes of searching and no answer. Terrible.",
    "Unconfirmed reports from {city}: {brand} fires {few} in ten on {day}. Cruel and shameful.",
    "They say it is fake news, others swear it happened in {home} at {clock}. {brand}, this is {awful}.",
    "{kin} heard the {brand} rumours at work in {city}. Fear and anger everywhere, and no word from them. Bad.",
)
TITLES = (
    "{brand} again",
    "What is going on at {brand}?",
    "{brand} in {city}",
    "About {brand} on {day}",
)
EMOJI = ("😡", "😤", "😭", "💔", "😢")
TAGS = ("fail", "help", "angry")
