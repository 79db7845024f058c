"""Words that tell nothing of what a text is about.

English only: in other languages such words are as frequent before as after, and so they never stand out.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# They join other words and are told alone by none: they stand inside a phrase ("out of order"), never at its edge.
JOINING = _words(
    """
    a an the this that these those such i me my mine myself we us our ours you your yours yourself u ur ya yall he him
    his she her hers it its they them their theirs one ones who whom whose which what whatever when where why how
    be am is are was were been being im ive youre youve youll youd hes shes thats theres heres whats
    i'm i've i'd i'll you're you've you'll you'd he's she's it's it'll that's there's here's what's who's we're we've
    we'll we'd they're they've they'll they'd y'all let's
    do does did doing done have has had having will would shall should can could may might must ought
    get gets got getting gotten go goes going went gone gonna make makes making made let lets put take takes taking took
    come comes coming came say says saying said tell tells telling told know knows think thinks thought want wants
    wanted wanna need needs needed try tries tried trying keep keeps keeping kept look looks looking see seen saw find
    use uses used using give gives giving gave given
    and or but nor so if then than because cuz since while though although unless until whether
    of to in into at by for from with about as per via like through during between among around upon
    some any all both each every either neither other others another much many more most less least few several lot
    lots own same else just only also too very really actually literally even still already yet ever always maybe
    perhaps quite rather almost probably definitely totally absolutely completely basically simply
    here there now today tonight yesterday tomorrow soon later ago day days time times way thing things stuff
    someone somebody anyone anybody everyone everybody nobody something anything everything nothing people guy guys
    yes yeah yep ok okay oh hey hi hello wow omg lol smh wtf please pls plz kindly rt mt via dm amp re fw fwd
    first last next new old right back good able sure kind bit well pretty enough usually often sometimes once twice
    big little real hard easy whole end start started point fact reason idea multiple spent spend guess mean means seem
    seems feel feels morning afternoon evening night week weeks month months year years moment earlier
    """
)
# They turn what stands beside them: at the edge of a phrase they tell something ("on hold", "never again"), alone not.
TURNING = _words(
    """
    no not never none without again against on off out over under up away before after back
    can't cannot cant won't wont don't dont doesn't doesnt didn't didnt isn't isnt aren't arent wasn't wasnt weren't
    couldn't couldnt wouldn't wouldnt shouldn't haven't havent hasn't hadn't ain't
    """
)
# How it felt is what the tone says; here it would crowd out what it felt so about.
TONE = _words(
    """
    bad worse worst terrible horrible awful poor pathetic ridiculous unacceptable disappointed disappointing
    disappointment disgusting disgusted disgrace disgraceful shame shameful joke sad sadly angry mad furious upset
    annoyed annoying frustrated frustrating frustration hate hated hates suck sucks sucked sucking crap crappy shit
    shitty bullshit bs fuck fucking fucked damn hell ass stupid dumb idiot idiots incompetent useless worthless garbage
    trash nightmare insane crazy unbelievable unreal seriously absurd outrageous
    great nice love loved loves loving lovely amazing awesome best better excellent fantastic wonderful perfect happy
    glad fun cool beautiful thank thanks thankyou thx ty appreciate appreciated kudos congrats sorry hope hopefully
    wish unfortunately
    """
)
