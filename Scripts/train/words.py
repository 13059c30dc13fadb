"""Vocabulary of the generated pages: labels, items, interface words, names, and random values of many types.

`WORDS` is the closed vocabulary of the dense word targets; everything else on a page is open."""
import pathlib
import random
import string

def _split(text: str) -> list[str]:
    return [w.strip() for w in text.replace("\n", "|").split("|") if w.strip()]

# label -> type of its value; the type decides what `value` makes up.
TYPED_KEYS = {
    "code": """invoice number|invoice no|invoice|order number|order|order id|customer id|customer no|account number|account|reference|reference number|ref|employee id|
        passport number|license number|license plate|plate|serial number|product code|sku|booking code|booking reference|confirmation code|ticket number|ticket|seat|gate|flight|
        room|room number|patient id|student id|member id|membership number|tracking number|policy number|claim number|case number|permit|lot|batch|part number|model number|model|
        promo code|coupon|swift|iban|tax id|vat number|po number|purchase order|receipt number|receipt|transaction id|contract number|project code|course code|locker|badge|pin|
        zip code|postal code|postcode|barcode|isbn|platform|terminal|bay|locator|voucher|registration|chassis number|meter number|job number|lane|shelf|aisle""",
    "date": """date|invoice date|due date|order date|date of birth|birth date|issue date|expiry date|expires|expiration|valid until|valid from|start date|end date|delivery date|ship date|
        departure date|arrival date|check-in|check-out|created|updated|modified|last updated|last login|joined|member since|published|deadline|hire date|payment date|period|appointment|
        next visit|return date|release date|date issued|effective date|renewal date|inspection date|manufactured|best before|best by""",
    "money": """total|grand total|subtotal|sub-total|tax|vat|sales tax|amount|amount due|amount paid|balance|balance due|price|unit price|discount|shipping|delivery fee|service fee|fee|tip|change|cash|
        deposit|rent|salary|income|budget|cost|revenue|profit|expenses|premium|fare|refund|credit|debit|net|gross|paid|total due|total amount|total paid|net amount|monthly fee|setup fee|
        insurance|gratuity|savings|opening balance|closing balance|credit limit|overdue|interest|fine|toll|handling|surcharge|estimate|donation|wage|bonus|allowance""",
    "name": """name|full name|first name|last name|surname|customer|customer name|client|contact|contact person|contact name|manager|cashier|doctor|patient|patient name|teacher|student|student name|
        author|editor|sender|receiver|recipient|driver|owner|agent|employee|employee name|passenger|guest|guest name|instructor|director|coach|captain|judge|supervisor|applicant|
        approved by|prepared by|issued by|signed by|sold to|bill to|ship to|attention|served by|assigned to|reported by|reviewer|assignee|username|user|account holder|cardholder|
        emergency contact|mother|father|spouse|tenant|landlord|buyer|seller|technician|inspector|operator|server|host|producer|artist|speaker|organizer|payee|payer""",
    "count": """quantity|qty|guests|adults|children|nights|pages|page|points|score|age|level|rank|copies|units|pieces|items|stock|capacity|seats|floors|floor|rooms|bedrooms|bathrooms|stars|views|
        likes|followers|following|messages|errors|warnings|steps|sessions|visits|votes|attempts|members|employees|students|passengers|devices|files|folders|photos|threads|cores|
        population|attendance|goals|wins|losses|laps|year|week|day|days|hours|minutes|copies sold|downloads|comments|replies|subscribers|orders|customers|tasks|issues|open tickets""",
    "measure": """weight|height|width|length|depth|distance|speed|size|area|volume|temperature|pressure|humidity|pulse|heart rate|dose|dosage|voltage|power|current|frequency|capacity used|
        storage|memory|disk space|screen size|battery|fuel|mileage|wind|altitude|elevation|range|torque|net weight|gross weight|energy|usage|bandwidth|latency|upload|download|
        rainfall|visibility|thickness|diameter|radius|brightness|duration|battery life|engine|resolution|sample rate|bit rate|file size|calories|protein|fat|sodium|sugar content""",
    "percent": """progress|completion|rate|interest rate|tax rate|discount rate|growth|margin|share|accuracy|success rate|occupancy|efficiency|cpu usage|memory usage|disk usage|battery level|volume level|zoom|
        opacity|quality|conversion|bounce rate|utilization|attendance rate|yield|probability|confidence|coverage|uptime|alcohol|fat content|vat rate""",
    "time": """time|start time|end time|departure|arrival|departs|arrives|boarding|boarding time|opens|closes|opening time|closing time|check-in time|check-out time|pickup time|delivery time|
        sunrise|sunset|alarm|lunch break|meeting time|doors open|last call|shift start|shift end|wake up|bedtime""",
    "email": "email|e-mail|email address|contact email|support email|login|mail",
    "phone": "phone|phone number|telephone|mobile|fax|tel|cell|hotline|contact number|work phone|home phone",
    "url": "website|url|web|homepage|link|domain|repository|host name|server address",
    "place": """city|country|state|region|province|location|origin|destination|from|to|branch|store|office|warehouse|birthplace|nationality|place of birth|venue|station|airport|port|hometown|
        district|county|site|campus|delivery city|pickup location|depot|capital|timezone|time zone""",
    "address": "address|street|street address|billing address|shipping address|delivery address|home address|residence|mailing address",
    "word": """status|type|category|priority|department|position|title|job title|role|method|payment method|payment|payment terms|terms|shipping method|carrier|brand|product|material|color|colour|shape|
        format|version|build|edition|genre|theme|language|currency|mode|style|font|font size|alignment|orientation|paper size|printer|scanner|keyboard|layout|section|chapter|subject|course|
        semester|class|grade|team|league|plan|package|subscription|gender|marital status|blood type|allergies|diagnosis|medication|vehicle|make|fuel type|transmission|platform type|
        operating system|browser|browser version|processor|graphics|network|wi-fi|bluetooth|connection|protocol|encryption|security|privacy|notifications|sound|ringtone|wallpaper|
        default app|search engine|start page|input source|output device|power mode|sleep|auto save|backup|sync|updates|license|publisher|company|vendor|supplier|manufacturer|bank|
        organization|school|university|hotel|restaurant|airline|cabin|meal|table|zone|building|occupation|religion|topic|project|task|milestone|sprint|environment|branch name|license type|
        warranty|condition|availability|delivery|gift wrap|note|comment|remarks|description|reason|action|result|event|sport|instrument|planet|animal|species|habitat|diet|flavor|scent""",
    "bool": """enabled|active|verified|approved|available|in stock|dark mode|airplane mode|auto update|autoplay|location services|two-factor|email alerts|push notifications|subtitles|vibration|
        mobile data|vpn|firewall|hotspot|paid in full|taxable|smoking|pets allowed|breakfast included|parking included|insured|fragile|signature required|published online|public|locked""",
}
TYPED_KEYS = {kind: _split(text) for kind, text in TYPED_KEYS.items()}
KEYS = [(key, kind) for kind, keys in TYPED_KEYS.items() for key in keys]

FOODS = _split("""espresso|cappuccino|latte|americano|mocha|tea|green tea|coffee|iced tea|hot chocolate|milk|lemonade|orange juice|apple juice|water|sparkling water|soda|cola|beer|wine|
    red wine|white wine|croissant|muffin|bagel|toast|scone|donut|cookie|brownie|cheesecake|apple pie|cake|pancakes|waffles|omelette|eggs|bacon|sausage|sandwich|club sandwich|panini|wrap|burger|
    cheeseburger|fries|hot dog|pizza|pizza margherita|lasagna|spaghetti|pasta|risotto|ravioli|soup|tomato soup|salad|caesar salad|greek salad|steak|chicken|roast chicken|chicken wings|fish|salmon|
    tuna|shrimp|sushi|ramen|curry|rice|fried rice|noodles|tacos|burrito|nachos|falafel|hummus|bread|garlic bread|butter|cheese|yogurt|cereal|granola|honey|jam|ice cream|chocolate|candy|apple|
    banana|orange|lemon|grapes|melon|peach|pear|cherry|mango|strawberry|blueberry|tomato|potato|onion|carrot|garlic|spinach|lettuce|cucumber|pepper|mushroom|crème brûlée|café au lait|jalapeño|pâté|crêpe|beans|corn|peas|beef|pork|lamb|ham|
    turkey|sugar|salt|flour|olive oil|vinegar|ketchup|mustard|smoothie|milkshake|flat white|macchiato|chai|herbal tea""")
GOODS = _split("""pen|pencil|notebook|paper|eraser|ruler|stapler|folder|envelope|desk|chair|office chair|lamp|desk lamp|table|sofa|bed|pillow|blanket|towel|soap|shampoo|toothbrush|brush|mirror|phone|laptop|
    tablet|monitor|keyboard|mouse|printer|camera|cable|usb cable|hdmi cable|charger|battery|speaker|headphones|earbuds|router|webcam|microphone|hard drive|memory card|backpack|suitcase|shirt|
    t-shirt|pants|jeans|jacket|coat|sweater|dress|skirt|socks|shoes|boots|sandals|hat|cap|gloves|scarf|belt|watch|ring|necklace|bag|wallet|umbrella|hammer|screwdriver|drill|saw|wrench|pliers|
    nails|screws|bolts|paint|glue|tape|rope|ladder|bucket|shovel|hose|tire|oil|filter|bulb|fuse|switch|plug|bike|helmet|ball|racket|tent|map|compass|knife|fork|spoon|plate|cup|mug|bowl|bottle|
    pan|pot|kettle|toaster|oven|fridge|fan|heater|vacuum|iron|clock|candle|vase|rug|curtain|shelf|drawer|basket|book|magazine|puzzle|toy car|doll|board game|guitar|piano|drum|violin|toner|
    ink cartridge|sensor|motor|pump|valve|gear|bearing|bracket|hinge|consulting|installation|maintenance|support plan|training|design work|web hosting|domain name|translation|repair|cleaning|labor""")
PLACES = _split("""london|paris|berlin|madrid|rome|vienna|prague|oslo|dublin|lisbon|athens|warsaw|zurich|geneva|milan|munich|hamburg|lyon|barcelona|amsterdam|brussels|copenhagen|stockholm|helsinki|moscow|
    istanbul|cairo|nairobi|lagos|dubai|mumbai|delhi|bangkok|singapore|tokyo|osaka|kyoto|seoul|beijing|shanghai|hong kong|sydney|melbourne|auckland|toronto|montreal|vancouver|boston|new york|
    chicago|denver|seattle|portland|austin|dallas|houston|miami|atlanta|phoenix|san diego|oakland|lima|bogota|santiago|buenos aires|rio|mexico city|havana|france|spain|italy|germany|japan|china|
    india|brazil|egypt|kenya|peru|cuba|chile|norway|sweden|poland|greece|turkey|nepal|ghana|canada|mexico|australia|austria|belgium|denmark|finland|ireland|portugal|vietnam|thailand|argentina|
    nigeria|morocco|iceland|hungary|croatia|north|south|east|west|central|asia|europe|africa|americas|são paulo|zürich|málaga|köln|montréal|bogotá|málmö|orléans""")
PERIODS = _split("""jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|
    wednesday|thursday|friday|saturday|sunday|q1|q2|q3|q4|spring|summer|autumn|winter|2015|2016|2017|2018|2019|2020|2021|2022|2023|2024|2025|2026|week 1|week 2|week 3|week 4|morning|noon|evening|night""")
SERIES = _split("""alpha|beta|gamma|delta|sales|revenue|profit|cost|users|visitors|orders|returns|online|retail|mobile|desktop|tablet|email|search|social|direct|referral|ads|coal|gas|solar|wind|hydro|nuclear|oil|
    biomass|cars|trucks|buses|trains|bikes|ferries|planes|walking|math|physics|chemistry|biology|history|geography|art|music|english|french|spanish|python|java|rust|swift|go|ruby|kotlin|
    team a|team b|team c|group a|group b|group c|control|treatment|baseline|plan a|plan b|product a|product b|model x|model y|model z|store 1|store 2|marketing|finance|engineering|design|support|
    legal|research|operations|hr|it|logistics|quality|rent|food|transport|leisure|health|clothing|savings|education|travel|dogs|cats|birds|fish|horses|rabbits|wheat|rice|maize|barley|actual|target|forecast""")
COLUMNS = {"price": "money", "qty": "count", "quantity": "count", "code": "code", "total": "money", "amount": "money", "size": "measure", "weight": "measure", "stock": "count", "unit price": "money",
    "rate": "percent", "cost": "money", "id": "code", "date": "date", "status": "status", "city": "place", "country": "place", "owner": "name", "name": "name", "email": "email", "phone": "phone", "time": "time",
    "score": "count", "points": "count", "age": "count", "type": "word", "category": "word", "department": "word", "country code": "code", "share": "percent", "change": "percent", "start": "date", "end": "date",
    "wins": "count", "goals": "count", "sku": "code", "location": "place", "manager": "name", "salary": "money", "hours": "count", "version": "version", "population": "count", "capital": "place", "year": "year",
    "rating": "decimal", "gate": "code", "departure": "time", "arrival": "time", "destination": "place", "length": "measure", "height": "measure", "speed": "measure", "sales": "money", "budget": "money",
    "units": "count", "discount": "percent", "tax": "money", "room": "code", "grade": "grade", "color": "color", "role": "word", "priority": "status", "due": "date", "team": "word", "visits": "count"}
BUTTONS = _split("""ok|cancel|submit|save|delete|apply|close|next|back|previous|finish|continue|yes|no|retry|open|new|edit|copy|paste|cut|print|share|send|reply|forward|search|find|replace|login|log in|log out|
    sign in|sign up|register|subscribe|download|upload|install|update|upgrade|buy now|add to cart|checkout|pay now|place order|book now|reserve|learn more|read more|get started|try free|
    start|stop|pause|play|record|reset|refresh|reload|export|import|browse|choose file|select all|clear|undo|redo|help|settings|options|preferences|more|details|view|preview|publish|archive|
    restore|accept|decline|reject|approve|confirm|allow|deny|block|skip|done|join|leave|invite|follow|like|comment|report|contact us|call|chat|connect|disconnect|enable|disable|sync|scan|
    filter|sort|add|remove|create|rename|move|duplicate|merge|lock|unlock|mute|zoom in|zoom out|full screen|exit|quit|save as|discard|not now|remind me later|agree|i agree|got it|dismiss|verify|resend""")
MENUS = _split("""file|edit|view|insert|format|tools|window|help|home|products|services|about|about us|contact|blog|news|pricing|features|support|docs|documentation|careers|team|login|account|profile|dashboard|
    inbox|sent|drafts|spam|trash|archive|calendar|contacts|tasks|notes|reports|analytics|orders|customers|inventory|messages|notifications|general|privacy|security|appearance|display|sound|
    network|storage|language|accessibility|accounts|devices|billing|users|groups|roles|logs|status|overview|activity|history|favorites|library|music|videos|photos|documents|downloads|desktop|
    explore|trending|popular|categories|shop|cart|wishlist|gallery|events|forum|community|faq|terms|privacy policy|sitemap|repository|issues|pull requests|wiki|projects|settings""")
SIGNS = _split("""exit|entrance|open|closed|stop|sale|push|pull|welcome|danger|warning|caution|hello|help|free|new|hot|cold|quiet|private|office|lobby|parking|taxi|bus stop|police|bank|cafe|hotel|museum|library|
    market|garden|beach|no entry|no smoking|no parking|keep out|keep left|keep right|slow down|one way|wet floor|emergency exit|fire exit|restrooms|toilets|elevator|stairs|information|tickets|
    reception|waiting room|staff only|do not enter|please knock|mind the gap|high voltage|first aid|hospital|school|crossing|detour|road work|dead end|speed limit|yield|bridge|tunnel|airport|
    train station|platform 1|gate b|city center|harbor|pool|gym|spa|bar|restaurant|bakery|pharmacy|post office|lost and found|customer service|checkout|fresh fruit|special offer|clearance""")
TITLES = _split("""monthly report|annual report|sales report|invoice|receipt|order summary|order confirmation|shopping cart|account settings|user profile|registration form|application form|contact form|
    weather forecast|flight schedule|train timetable|boarding pass|event ticket|price list|menu|lunch menu|daily specials|product catalog|inventory|employee directory|team members|project plan|
    meeting notes|weekly planner|exam results|class schedule|course list|medical record|lab results|prescription|bank statement|payment details|tax summary|expense report|travel itinerary|
    hotel booking|rental agreement|delivery note|packing list|work order|service report|system status|server monitor|network settings|privacy settings|display settings|software update|
    installation guide|release notes|user guide|quick start|energy usage|market share|population growth|average rainfall|website traffic|customer survey|quarterly results|revenue by region|
    sales by month|budget overview|cost breakdown|top products|league table|match results|high scores|library card|membership card|parking permit|visitor pass|nutrition facts|recipe|science fair|
    city council|public notice|press release|newsletter|breaking news|about this computer|control panel|task manager|file manager|print preview|find and replace|confirm delete|save changes""")
FIRST = _split("""anna|john|maria|peter|laura|david|emma|lucas|sofia|james|olivia|noah|mia|liam|zoe|adam|nina|paul|clara|oscar|julia|simon|eva|martin|alice|frank|helen|victor|irene|hugo|grace|henry|ivy|jack|
    kate|leo|nora|owen|ruth|sam|tina|uma|vera|walter|yara|aaron|bella|carlos|diana|elias|fiona|george|hannah|isaac|jane|kevin|linda|mark|nadia|omar|josé|zoë|andré|rené|søren|björn|jürgen|françois|inês|priya|rosa|stefan|tara|ahmed|chloe|daniel|ella""")
LAST = _split("""smith|jones|brown|taylor|wilson|moore|clark|lewis|walker|young|king|wright|scott|green|baker|adams|nelson|carter|mitchell|turner|cohen|levi|kim|chen|singh|garcia|lopez|rossi|muller|novak|lee|
    evans|hall|wood|hill|cooper|ward|morris|reed|cook|bell|murphy|bailey|rivera|kelly|price|bennett|gray|hughes|ross|foster|silva|santos|tanaka|suzuki|patel|khan|ali|ivanov|petrov|jensen|larsen|dubois|müller|garcía|lópez|núñez|gonçalves|lefèvre|schröder|åberg|weiß|peña""")
ADJECTIVES = _split("""standard|express|premium|basic|advanced|pending|shipped|delivered|cancelled|completed|in progress|on hold|draft|published|overdue|active|inactive|approved|rejected|high|medium|low|urgent|
    normal|critical|single|married|male|female|full-time|part-time|contract|permanent|temporary|credit card|debit card|cash|bank transfer|paypal|cheque|visa|mastercard|landscape|portrait|letter|
    automatic|manual|diesel|petrol|electric|hybrid|wood|steel|cotton|plastic|glass|leather|aluminum|ceramic|silk|wool|economy|business|first class|vegetarian|vegan|gluten free|small|large|
    english|french|german|spanish|italian|japanese|chinese|arabic|portuguese|action|comedy|drama|horror|fantasy|science fiction|romance|thriller|documentary|jazz|rock|classical|hip hop|
    windows|linux|android|macos|firefox|chrome|safari|enterprise|professional|student|family|personal|free|gold|silver|bronze|platinum|net 30|net 60|on receipt|refurbished|used|like new|excellent|good|fair|poor""")
COLORS = {"red": (208, 38, 42), "green": (40, 158, 62), "blue": (38, 84, 212), "yellow": (242, 212, 38), "orange": (245, 138, 28), "purple": (130, 52, 172), "pink": (248, 140, 184), "brown": (128, 80, 42),
    "black": (22, 22, 22), "white": (250, 250, 250), "gray": (132, 132, 132), "cyan": (48, 192, 216)}
SHAPES = _split("circle|square|triangle|star|diamond|cross|heart|ring|hexagon|arrow|rectangle|pentagon|moon|oval|octagon|drop")
QUESTION_WORDS = _split("what|which|how|many|much|is|are|there|the|a|an|of|in|on|for|to|does|say|says|written|box|label|labelled|value|row|column|left|right|above|below|next|under|bar|line|legend|button|sign|"
    "title|heading|text|number|color|shape|object|item|chart|page|table|form|field|not|shown|you|your|please|and|or|with|by|at|from|this|that|it|we|all|more|was|has|have|be|as")

GENERAL = [w.strip() for w in pathlib.Path("/usr/share/dict/words").read_text().splitlines()
           if 2 <= len(w.strip()) <= 11 and w.strip().isascii() and w.strip().isalpha() and w.strip().islower()]

_phrases = [k for k, _ in KEYS] + FOODS + GOODS + PLACES + PERIODS + SERIES + list(COLUMNS) + BUTTONS + MENUS + SIGNS + TITLES + FIRST + LAST + ADJECTIVES + list(COLORS) + SHAPES + QUESTION_WORDS
WORDS = sorted({w for p in _phrases for w in p.split()})
WORD_ID = {w: i + 1 for i, w in enumerate(WORDS)}      # 0 = a word outside the vocabulary

ACCENTS = {"a": "aàáâäãå", "e": "eéèêë", "i": "iíîï", "o": "oóôöõø", "u": "uúü", "c": "cç", "n": "nñ"}
STREETS = ["street", "avenue", "road", "lane", "drive", "square", "st.", "ave", "blvd", "way"]
DOMAINS = ["mail.com", "web.org", "post.net", "example.com", "inbox.io", "company.com", "shop.eu", "office.net", "school.edu", "cloud.dev"]
UNITS = _split("kg|g|lb|oz|km|m|cm|mm|mi|ft|in|L|ml|km/h|mph|m/s|GB|MB|TB|KB|W|kW|kWh|V|A|Hz|GHz|MHz|hPa|bar|bpm|mg|°C|°F|°|px|dpi|ms|s|min|h|cal|Mbps|m²|ha|dB|Nm|hp")

def letters(rng: random.Random, n: int, alphabet: str) -> str:
    return "".join(rng.choice(alphabet) for _ in range(n))

def title_case(text: str) -> str:
    return " ".join(w[:1].upper() + w[1:] for w in text.split(" "))

def cased(rng: random.Random, text: str) -> str:
    """One of the ways software capitalises a label."""
    return rng.choices([title_case(text), text[:1].upper() + text[1:], text.upper(), text], [5, 3, 2, 1])[0]

def pseudo_word(rng: random.Random, n: int) -> str:
    """A pronounceable word that is in no dictionary."""
    word = ""
    while len(word) < n:
        word += rng.choice(["b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "qu", "r", "s", "t", "v", "w", "x", "z", "st", "tr", "ch", "sh", "pl", "br"])
        word += rng.choice(["a", "e", "i", "o", "u", "ai", "ee", "an", "or", "in", "el", "y", "ou"])
    word = word[:n]
    return "".join(rng.choice(ACCENTS.get(c, c)) for c in word) if rng.random() < .08 else word

def code(rng: random.Random) -> str:
    upper, digits = string.ascii_uppercase, string.digits
    return rng.choice([
        lambda: letters(rng, rng.randint(2, 3), upper) + rng.choice(["-", "", " "]) + letters(rng, rng.randint(3, 6), digits),
        lambda: letters(rng, rng.randint(4, 9), digits),
        lambda: rng.choice(["INV", "ORD", "PO", "REF", "TX", "ID", "SN", "CUS", "BK"]) + "-" + letters(rng, rng.randint(3, 6), digits),
        lambda: f"{rng.randint(2015, 2030)}{rng.choice(['-', '/'])}{letters(rng, rng.randint(2, 5), digits)}",
        lambda: letters(rng, rng.randint(4, 8), upper + digits),
        lambda: "#" + letters(rng, rng.randint(2, 6), digits),
        lambda: rng.choice(upper) + str(rng.randint(1, 99)),
        lambda: f"{rng.randint(1, 60)}{rng.choice('ABCDEF')}",
        lambda: letters(rng, 3, digits) + "-" + letters(rng, 3, digits) + rng.choice(["", "-" + letters(rng, rng.randint(2, 4), digits)]),
        lambda: letters(rng, rng.randint(3, 8), "0123456789abcdef"),
    ])()

def date(rng: random.Random) -> str:
    y, m, d = rng.randint(1985, 2035), rng.randint(1, 12), rng.randint(1, 28)
    month = title_case(PERIODS[m - 1]) if rng.random() < .6 else title_case(PERIODS[11 + m] if m < 5 else "May" if m == 5 else PERIODS[10 + m])
    return rng.choice([f"{y}-{m:02d}-{d:02d}", f"{d:02d}/{m:02d}/{y}", f"{m:02d}/{d:02d}/{y}", f"{d}.{m}.{y}", f"{d:02d}.{m:02d}.{y}", f"{d} {month} {y}", f"{month} {d}, {y}", f"{month} {y}", f"{m}/{d}/{y % 100:02d}"])

def money(rng: random.Random, sign: str | None = None) -> str:
    whole = int(10 ** rng.uniform(0, 4.4))
    sign = rng.choice(["$", "$", "", "€", "£", " USD", " EUR", " €"]) if sign is None else sign
    text = f"{whole:,}" if rng.random() < .6 else str(whole)
    text += rng.choices([f".{rng.randint(0, 99):02d}", ""], [4, 1])[0]
    return text + sign if sign[:1] == " " else sign + text

def count(rng: random.Random) -> str:
    n = int(10 ** rng.uniform(0, 4.5)) if rng.random() < .5 else rng.randint(0, 120)
    return f"{n:,}" if rng.random() < .5 else str(n)

def clock(rng: random.Random) -> str:
    h, m = rng.randint(0, 23), rng.choice([0, 15, 30, 45, rng.randint(0, 59)])
    return rng.choice([f"{h:02d}:{m:02d}", f"{h % 12 or 12}:{m:02d} {'AM' if h < 12 else 'PM'}", f"{h % 12 or 12}:{m:02d}{'am' if h < 12 else 'pm'}"])

def person(rng: random.Random) -> str:
    last = rng.choice(LAST) if rng.random() < .7 else pseudo_word(rng, rng.randint(4, 8))
    return rng.choice([f"{title_case(rng.choice(FIRST))} {title_case(last)}", f"{title_case(rng.choice(FIRST))} {title_case(last)}", f"{rng.choice(FIRST)[0].upper()}. {title_case(last)}",
                       f"{title_case(last)}, {title_case(rng.choice(FIRST))}", title_case(rng.choice(FIRST)), f"{rng.choice(['Dr.', 'Mr.', 'Ms.', 'Mrs.'])} {title_case(last)}"])

def phrase(rng: random.Random) -> str:
    kind = rng.random()
    if kind < .35: text = rng.choice(ADJECTIVES)
    elif kind < .55: text = " ".join(rng.sample(GENERAL, rng.choice([1, 1, 2, 2, 3])))
    elif kind < .7: text = pseudo_word(rng, rng.randint(4, 9))
    else: text = rng.choice(rng.choice([GOODS, FOODS, SERIES, PLACES, SIGNS, MENUS]))
    return cased(rng, text)

def value(rng: random.Random, kind: str) -> str:
    """A made-up value of a type named in `TYPED_KEYS` or `COLUMNS`."""
    match kind:
        case "code": return code(rng)
        case "date": return date(rng)
        case "money": return money(rng)
        case "name": return person(rng) if rng.random() < .9 else rng.choice(FIRST) + str(rng.randint(1, 99))
        case "count": return count(rng)
        case "percent": return rng.choice([f"{rng.randint(0, 100)}%", f"{rng.uniform(0, 100):.1f}%", f"{rng.randint(0, 100)} %", f"{rng.choice('+-')}{rng.uniform(0, 30):.1f}%"])
        case "measure": return rng.choice([str(rng.randint(1, 999)), f"{rng.uniform(0, 100):.1f}", f"{rng.uniform(0, 10):.2f}"]) + rng.choice([" ", " ", ""]) + rng.choice(UNITS)
        case "time": return clock(rng)
        case "email": return rng.choice([rng.choice(FIRST), pseudo_word(rng, rng.randint(3, 7)), rng.choice(FIRST)[0] + "." + rng.choice(LAST), "info", "support"]) + "@" + rng.choice(DOMAINS + [pseudo_word(rng, 6) + ".com"])
        case "phone": return rng.choice([f"{rng.randint(200, 999)}-{rng.randint(100, 999)}-{rng.randint(0, 9999):04d}", f"+{rng.randint(1, 99)} {rng.randint(100, 999)} {rng.randint(100, 999)} {rng.randint(100, 9999)}", f"({rng.randint(200, 999)}) {rng.randint(100, 999)}-{rng.randint(0, 9999):04d}", f"0{letters(rng, 9, string.digits)}"])
        case "url": return rng.choice(["www.", "", "https://"]) + pseudo_word(rng, rng.randint(4, 8)) + rng.choice([".com", ".org", ".net", ".io", ".de"])
        case "place": return cased(rng, rng.choice(PLACES)) if rng.random() < .8 else title_case(pseudo_word(rng, rng.randint(5, 9)))
        case "address": return f"{rng.randint(1, 999)} {title_case(rng.choice([rng.choice(LAST), rng.choice(GENERAL), pseudo_word(rng, 6)]))} {title_case(rng.choice(STREETS))}"
        case "bool": return rng.choice([("Yes", "No"), ("On", "Off"), ("Enabled", "Disabled"), ("yes", "no"), ("true", "false"), ("YES", "NO")])[rng.randint(0, 1)]
        case "status": return cased(rng, rng.choice(ADJECTIVES[5:24]))
        case "version": return f"{rng.randint(0, 20)}.{rng.randint(0, 20)}" + rng.choice(["", f".{rng.randint(0, 30)}", "-beta", f".{rng.randint(0, 9)}.{rng.randint(0, 999)}"])
        case "year": return str(rng.randint(1950, 2030))
        case "decimal": return f"{rng.uniform(0, 10):.1f}"
        case "grade": return rng.choice(["A", "B", "C", "D", "F", "A+", "A-", "B+", "B-", "C+"])
        case "color": return cased(rng, rng.choice(list(COLORS)))
        case _: return phrase(rng)

def any_value(rng: random.Random) -> str:
    return value(rng, rng.choice(["code", "code", "date", "money", "name", "count", "percent", "measure", "time", "email", "phone", "place", "word", "word", "version", "url"]))
