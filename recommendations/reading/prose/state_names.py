"""States by name: the names that the United Nations uses in prose, and their ISO codes.

The table holds the 193 Member States, the Holy See, the State of Palestine, the Cook Islands and Niue
(parties to treaties), and Hong Kong and Macao, China, whose reports the committees consider on their own.
The first name of a row is the short name used in prose; the others are spellings that documents use.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE = """
AFG Afghanistan
ALB Albania
DZA Algeria
AND Andorra
AGO Angola
ATG Antigua and Barbuda
ARG Argentina
ARM Armenia
AUS Australia
AUT Austria
AZE Azerbaijan
BHS Bahamas
BHR Bahrain
BGD Bangladesh
BRB Barbados
BLR Belarus
BEL Belgium
BLZ Belize
BEN Benin
BTN Bhutan
BOL Bolivia | Plurinational State of Bolivia | Bolivia (Plurinational State of)
BIH Bosnia and Herzegovina | Bosnia & Herzegovina
BWA Botswana
BRA Brazil
BRN Brunei Darussalam | Brunei
BGR Bulgaria
BFA Burkina Faso
BDI Burundi
CPV Cabo Verde | Cape Verde
KHM Cambodia
CMR Cameroon
CAN Canada
CAF Central African Republic
TCD Chad
CHL Chile
CHN China
COL Colombia
COM Comoros
COG Congo | Republic of the Congo | Republic of Congo
COK Cook Islands
CRI Costa Rica
CIV Côte d’Ivoire | Cote d’Ivoire | Ivory Coast
HRV Croatia
CUB Cuba
CYP Cyprus
CZE Czechia | Czech Republic
PRK Democratic People’s Republic of Korea | DPR Korea
COD Democratic Republic of the Congo | Democratic Republic of Congo
DNK Denmark
DJI Djibouti
DMA Dominica
DOM Dominican Republic
ECU Ecuador
EGY Egypt
SLV El Salvador
GNQ Equatorial Guinea
ERI Eritrea
EST Estonia
SWZ Eswatini | Swaziland | Kingdom of Eswatini
ETH Ethiopia
FJI Fiji
FIN Finland
FRA France
GAB Gabon
GMB Gambia
GEO Georgia
DEU Germany
GHA Ghana
GRC Greece
GRD Grenada
GTM Guatemala
GIN Guinea
GNB Guinea-Bissau | Guinea Bissau
GUY Guyana
HTI Haiti
VAT Holy See
HND Honduras
HKG Hong Kong, China | Hong Kong
HUN Hungary
ISL Iceland
IND India
IDN Indonesia
IRN Iran | Islamic Republic of Iran | Iran (Islamic Republic of)
IRQ Iraq
IRL Ireland
ISR Israel
ITA Italy
JAM Jamaica
JPN Japan
JOR Jordan
KAZ Kazakhstan
KEN Kenya
KIR Kiribati
KWT Kuwait
KGZ Kyrgyzstan | Kyrgyz Republic
LAO Lao People’s Democratic Republic | Lao PDR | Laos
LVA Latvia
LBN Lebanon
LSO Lesotho
LBR Liberia
LBY Libya | Libyan Arab Jamahiriya
LIE Liechtenstein
LTU Lithuania
LUX Luxembourg
MAC Macao, China | Macau, China | Macao
MDG Madagascar
MWI Malawi
MYS Malaysia
MDV Maldives
MLI Mali
MLT Malta
MHL Marshall Islands
MRT Mauritania
MUS Mauritius
MEX Mexico
FSM Micronesia | Federated States of Micronesia | Micronesia (Federated States of)
MCO Monaco
MNG Mongolia
MNE Montenegro
MAR Morocco
MOZ Mozambique
MMR Myanmar
NAM Namibia
NRU Nauru
NPL Nepal
NLD Netherlands | Kingdom of the Netherlands | Netherlands (Kingdom of the)
NZL New Zealand
NIC Nicaragua
NER Niger
NGA Nigeria
NIU Niue
MKD North Macedonia | the former Yugoslav Republic of Macedonia | Macedonia
NOR Norway
OMN Oman
PAK Pakistan
PLW Palau
PAN Panama
PNG Papua New Guinea
PRY Paraguay
PER Peru
PHL Philippines
POL Poland
PRT Portugal
QAT Qatar
KOR Republic of Korea | South Korea
MDA Republic of Moldova | Moldova
ROU Romania
RUS Russian Federation | Russia
RWA Rwanda
KNA Saint Kitts and Nevis
LCA Saint Lucia
VCT Saint Vincent and the Grenadines
WSM Samoa
SMR San Marino
STP Sao Tome and Principe | São Tomé and Príncipe
SAU Saudi Arabia
SEN Senegal
SRB Serbia | Republic of Serbia
SYC Seychelles
SLE Sierra Leone
SGP Singapore
SVK Slovakia | Slovak Republic
SVN Slovenia
SLB Solomon Islands
SOM Somalia
ZAF South Africa
SSD South Sudan
ESP Spain
LKA Sri Lanka
PSE State of Palestine | Palestine
SDN Sudan
SUR Suriname
SWE Sweden
CHE Switzerland
SYR Syrian Arab Republic | Syria
TJK Tajikistan
THA Thailand
TLS Timor-Leste | Timor Leste | Democratic Republic of Timor-Leste
TGO Togo
TON Tonga
TTO Trinidad and Tobago | Trinidad & Tobago
TUN Tunisia
TUR Türkiye | Turkey | Turkiye | Republic of Türkiye
TKM Turkmenistan
TUV Tuvalu
UGA Uganda
UKR Ukraine
ARE United Arab Emirates
GBR United Kingdom | United Kingdom of Great Britain and Northern Ireland | UK
TZA United Republic of Tanzania | Tanzania
USA United States | United States of America | USA
URY Uruguay
UZB Uzbekistan
VUT Vanuatu
VEN Venezuela | Bolivarian Republic of Venezuela | Venezuela (Bolivarian Republic of)
VNM Viet Nam | Vietnam
YEM Yemen
ZMB Zambia
ZWE Zimbabwe
"""

NAMES: dict[str, str] = {}
"""ISO 3166-1 alpha-3 code → the short name."""

_CODES: dict[str, str] = {}


def _key(name: str) -> str:
    """Normalise a name: case, apostrophes and spaces."""
    return re.sub(r"\s+", " ", name.replace("’", "'")).strip().casefold()


for _row in _TABLE.strip().splitlines():
    _code, _, _names = _row.partition(" ")
    NAMES[_code] = _names.split(" | ")[0]
    _CODES.update((_key(_name), _code) for _name in _names.split(" | "))

# The longest name first, so that "Guinea-Bissau" is never read as "Guinea".
_ANY_NAME = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(
        re.escape(name).replace("'", "['’]").replace(r"\ ", r"\s+")
        for name in sorted(_CODES, key=len, reverse=True)
    )
    + r")(?![\w-])",
    re.IGNORECASE,
)


def iso3_in(text: str) -> str:
    """Return the code of the first State that the text names; empty if it names none."""
    found = _ANY_NAME.search(text)
    return _CODES[_key(found.group())] if found else ""


def names_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, code) of each State that the text names, in text order."""
    for found in _ANY_NAME.finditer(text):
        yield found.start(), found.end(), _CODES[_key(found.group())]


def code_of(name: str) -> str:
    """Return the code of the State with exactly this name ("the Sudan"); empty if there is none."""
    key = _key(name)
    return _CODES.get(key) or _CODES.get(key.removeprefix("the "), "")
