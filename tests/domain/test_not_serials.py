"""What is no serial (RULES 2.8): tables of what must be refused, and of real serials that must not be."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, read_code
from scanstation.domain.defaults import PLACEHOLDERS
from scanstation.domain.gtin import check_digit, product_key
from scanstation.domain.not_serials import Kind, NoSerial, Sieve, judge, payload, site_words
from scanstation.domain.verdict import CodeKind, Prompt, Tone

WORDS = site_words("SS-", PLACEHOLDERS)
PRODUCTS = {
    product_key(code): sku
    for code, sku in (
        ("CAM-300", "CAM-300"),
        ("BOX", "BOX"),
        ("4006381333931", "BAT-100"),  # an EAN-13
        ("036000291452", "SOAP-1"),  # a UPC-A
        ("96385074", "MINT-1"),  # an EAN-8
        ("14006381333945", "PEN-12"),  # a carton alone: its pieces have no barcode here
        ("5901234123457", "5901234123457"),  # a SKU that is an EAN
        ("12345678", "12345678"),  # eight digits that are no EAN
    )
}
NAMES = {"W-EAST": "a warehouse", "NORDWIND": "a client", "DOCK-2": "a station", "ANA": "an operator"}
ORDERS = {"S-901": "shipment order", "N-1003": "purchase order", "4711": "purchase order"}
OTHERS = {"LAP-0001": "LAP-1"}


@dataclass
class Plain:
    """Facts in dictionaries."""

    products: Mapping[str, str] = field(default_factory=lambda: PRODUCTS)

    def product_of(self, keys: Collection[str]) -> str | None:
        return next((self.products[key] for key in keys if key in self.products), None)

    def name_of(self, key: str) -> str:
        return NAMES.get(key, "")

    def order_of(self, key: str) -> str:
        return ORDERS.get(key, "")

    def other_product_of(self, key: str) -> str:
        return OTHERS.get(key, "")


def code_of(text: str) -> Code:
    code = read_code(text)
    assert isinstance(code, Code), code
    return code


def judged(text: str, *, fits: bool = False) -> NoSerial | None:
    return judge(code_of(text), Plain(), WORDS, fits=fits)


def caught(keys: list[str]) -> set[str]:
    return Sieve(PRODUCTS, (*NAMES, *ORDERS, *OTHERS), WORDS).caught(keys)


_SERIALS = """
10293847  0012345678905  00:1A:2B:3C:4D:5E  00-1A-2B-3C-4D-5E  001A.2B3C.4D5E  001A2B3C4D5E  001A:2B3C:4D5E
AA:BB:CC:DD:EE:FF  FE:DC:BA:98:76:54:32:10  50:06:01:60:3B:20:19:4F  FE80::1  ABCD:EF01:2345  MAC:00:1A:2B:3C:4D:5E
MAC:AABBCCDDEEFF  WIFI:00:1A:2B:3C:4D:5E  WIFI:AA:BB:CC:DD:EE:FF  SN:123  S/N:AB-1234  SN#1234  IMEI:356938035643809
SERIAL NO: A1  A-1111  A1111  356938035643809  490154203237518
35-693803-564380-9  NA12345  NA-1  N/A-1  NONE-1  NULL01
UNKNOWN1  TBD-77  TBA9  X  7  -1  ?1  T123456789012  D123456789012  C036000291453  E4006381333932
550E8400-E29B-41D4-A716-446655440000  {550E8400-E29B-41D4-A716-446655440000}  550E8400E29B41D4A716446655440000
1HGCM82633A004352  WVWZZZ1JZXW000001  00123456  001234567890
00000000000000000017  00000000000012345675  0000001  1000000
00340123450000000018  340123450000000017  012345678901234567890  01234567890128  0110293847
EXAMPLE.ORG  SN.EXAMPLE.COM  HTTP-1234  HTTP1234  WWW1234  W-WW.1  FTP-01  C02XG0AAJG5H  F2LW48XYHG7F  5CG1234XYZ
CN-0ABC12-12345-678-90AB-A00  PF1234AB  8SSC20F12345L1CZ01234567  PBOX1  PCAM-3001  1PCAM-30  PX-1  P4006381333932
1P10293847  9N12345679  30PABC  2P1  3PX9  8P96385075  L1A2B3C4  40063813339  400638133393
4006381333932  4006381333931123  24006381333936  94006381333934  963850741  9638507412  9638507412345  FCW2140L0AB
SG91FLY1XQ  USM1234ABCD  A:1  B:2  1:2:3:4  12:30  LOT:7
A=1  =W123420123456  QUJDREVG==  {ABC}  [A1]  <A1>  (21)ABC
AB.CD.EF  A.B  ..A  AB//CD  S%40  12/34/56  #123  *ABC*  +A123BJC5D6E71G  $123  KT/10.5  100%  SS-1  SSX-COMPLETE
SS-QTY  SS-QTY-0  LAP-0002  S-902  DOCK-22  ANA-1  112  1211  ABAB  AAAB  1234512345  VERSION:5.1  FN:12345  TELE-1
N:123  ORG-1  GEO-1  MT:Y.K9042C00KA0648G00  1111222  XXX-1111
AB.CD/12  AB.DE/12  SER.NO/1234  SERIAL.NO/1234  PART.NO/77  UNIT.ID/7  X1.2/COM  KT.10/COM  A.COM  12.34/56  REV.A/3
SN-1.5/EU  LOT.A/B.COM  T.COMP/1  ABC.ORGA/1  AB-12.3/4.5  1.0/2.0?  GEOM:1  SIPX:1  DATA:7  URN:7  SMSX:1  FILE:9
SKY:1  MARK:2  A@B  SN@12.5  REV:A@2
"""
SERIALS = _SERIALS.split()
SERIALS += [
    "AB 12 CD",
    "NO 12",
    "S/N: 123 456",
    "SN 00:1A:2B:3C:4D:5E",
    "00:1A:2B:3C:4D:5E AA:BB:CC:DD:EE:FF",
    "A 1 B 2",
]
SERIALS += ["02 123", "01 2345 21 7", "*CAM-3001*", "0212345678901231", "02123456789012313710"]
SERIALS += ["SERIAL NO 12345", "12 12", "4 006381 333932", "96385075 12", "LOT 7 A:1"]


@pytest.mark.parametrize("text", SERIALS)
def test_a_real_serial_is_none_of_these(text: str) -> None:
    assert judged(text) is None


NO_SERIALS: dict[Kind, list[str]] = {
    Kind.PRODUCT: [
        *("CAM-300", "cam-300", "4006381333931"),
        *("04006381333931", "036000291452", "0036000291452", "00036000291452"),
        *("96385074", "00000096385074", "14006381333945", "5901234123457", "12345678"),
        # with the add-on of two or five digits, blank or none
        *("400638133393112", "4006381333931 12", "400638133393112345", "4006381333931 12345", "03600029145205"),
        *("036000291452 05", "03600029145251000", "0036000291452 51000", "96385074 05"),
        # other pack levels of the same item
        *("14006381333938", "24006381333935", "84006381333937"),
        *("10036000291459", "4006381333948", "24006381333942"),
        *("15901234123454", "10000096385071"),
        # after an AIM identifier, whatever the scanner took it for
        *("]E04006381333931", "]C04006381333931", "]A0CAM-300"),
        *("]X0036000291452", "]E3400638133393112", "]e04006381333931"),
        *("]I114006381333938", "]E496385074", "]C1010400638133393117261231"),
        # after a maker's letter for the kind of barcode
        *("d4006381333931", "F4006381333931", "A036000291452"),
        *("c0036000291452", "e14006381333938", "B24006381333935"),
        # after a data identifier that names a product
        *("PCAM-300", "1PCAM-300", "pbox", "2PBOX"),
        *("3P4006381333931", "8P4006381333931", "8P96385074", "9N12345678"),
        *("30PCAM-300", "P CAM-300", "1P14006381333938", "30P036000291452"),
        # GS1's field of a product
        *("0104006381333931", "(01)04006381333931"),
        *("(01) 04006381333931", "0114006381333938", "010400638133393110LOT7"),
        *("01 04006381333931", "020400638133393137 12", "(02)04006381333931(37)10", "02 04006381333931 37 10"),
        # filled up with zeros, as some programs print it
        *("004006381333931", "000004006381333931", "0000000000036000291452", "000014006381333945"),
        # with the start and stop of a Code 39
        *("*CAM-300*", "*4006381333931*", "*96385074*"),
        # as it is printed below the bars
        *("4 006381 333931", "0-36000-29145-2", "4006381-333931"),
    ],
    Kind.COMMAND: ["SS-COMPLETE", "ss-undo", "SS-QTY-3", "SS-HOME"],
    Kind.LINK: [
        *("http://a.b/1", "HTTPS://EXAMPLE.ORG/SN/123", "https:/example.org/1", "http:example.org", "FTP:X"),
        *("ftp://x/1", "www.example.org", "WWW.EXAMPLE.ORG/01/04006381333931"),
        *("otpauth://totp/x", "X-HM://0023ISYWYHOMX", "mailto:a@example.org", "geo:52.5,13.4", "SMSTO:+491234:x"),
        *("URL:http://a.b", "SN123 https://a.b/c", "MEBKM:TITLE:x;URL:x.y;;", "intent://scan/#Intent;end"),
        # as printed, without a scheme
        *("example.com/AB108", "EXAMPLE.ORG/sn/1", "sn.example.net/1", "my-shop.example.co.uk/p?id=7", "a1.shop/x"),
        *("example.com?sn=1", "example.com:8080/x", "example.com#top", "example.de/AB108", "support.maker.jp/m/7"),
        *("qr.maker.cn/AB12", "bit.ly/3xYz", "t.co/AbC1", "youtu.be/dQw4", "goo.gl/abc", "example.no/AB108"),
        # schemes that are followed by no slashes
        *("sip:4711@example.org", "SIPS:dock@example.org", "sip:4711", "data:text/plain,AB108"),
        *("data:;base64,QUI=", "data:,AB108", "sms:+491234", "mms:+491234", "MMSTO:+491:x", "callto:+491234"),
        *("facetime:a@example.org", "facetime-audio:+491234", "skype:ana?call", "xmpp:ana@example.org"),
        *("acct:ana@example.org", "market:details?id=x", "magnet:?xt=urn:x", "bitcoin:1BoatSLRHtKNngkdXEeobR76b53L"),
        *("ethereum:0xAB", "javascript:alert(1)", "urn:epc:id:sgtin:4006381.033393.1", "urn:uuid:550e8400-e29b"),
        *("file:/tmp/x", "view-source:x.y", "whatsapp:send?text=x", "webcal:x.y/z", "openpgp4fpr:AB12", "matrix:u/ana"),
    ],
    Kind.WIFI: [
        *("WIFI:S:Office;T:WPA;P:secret;;", "wifi:T:nopass;S:x;;"),
        *("WIFI:S:Office", "DPP:C:81/1;M:0011;K:MDkw;;"),
    ],
    Kind.CONTACT: [
        *("MECARD:N:Doe,John;TEL:123;;", "BIZCARD:N:John;X:Doe;;", "BEGIN:VCARD"),
        *("end:vcard", "VERSION:3.0", "N:Doe;John;;;"),
        *("FN:John Doe", "TEL;TYPE=CELL:+49123456", "TEL:+49123456"),
        *("EMAIL:a@example.org", "ADR;HOME:;;Street 1", "ORG:X"),
        *("BEGIN:VEVENT", "BEGIN:VCALENDAR"),
    ],
    Kind.DATA: [
        *('{"sn":"123"}', "{'sn': 1}", '{"a":1,"b":2}', '["A1","A2"]', '[{"sn":1}]', "{sn:123}", '{ "sn" : "A" }'),
        *("<sn>123</sn>", '<?xml version="1.0"?>', '<unit sn="1"/>'),
    ],
    Kind.FIELDS: [
        *("SN:123;PN:456", "SN:123,PN:456", "SN:123 PN:456"),
        *("S/N:123 P/N:456", "SN: 123 REV: B", "MODEL:X SN:1 MAC:00:1A"),
        *("SN:1;MAC:AA:BB:CC:DD:EE:FF", "A:1;B:2", "IMEI1:356938035643809;IMEI2:356938035643817", "SN:123/PN:456"),
        *("SN=123;PN=456", "sn=1&pn=2", "SN:123|PN:456"),
        *("PN:1;SN:", "Serial No: 12 Part No: 34", "[SN:1][PN:2]", "LOT:7 EXP:26"),
        *("PW:ab-12 SN:99", "ID:A1,PIN:0000"),
    ],
    Kind.SSCC: [
        *("00340123450000000017", "(00)340123450000000017", "(00) 340123450000000017", "(00)340123450000000011"),
        *("]C100340123450000000017", "00106141412345678908", "(00)340123450000000017(10)L1"),
    ],
    Kind.MISREAD: [
        *("010400638133393221ABC123", "(01)04006381333932(21)ABC123"),
        *("019999999999999021X", "]C1010400638133393921A"),
    ],
    Kind.LABEL: [
        *("(01)04006381333931(21)ABC123", "010400638133393121ABC123"),
        *("]C1010400638133393121A", "(01)09506000134352(21)7"),
        *("01 04006381333931 21 ABC123", "(01) 04006381333931 (21) ABC123"),
    ],
    Kind.SCANNER_MARK: ["]C0SN-123", "]A0ABC", "]Q1X-1"],
    Kind.PLACEHOLDER: [
        *("N/A", "n/a", "NA", "N.A.", "n. a.", "NONE", "None"),
        *("null", "UNKNOWN", "un known", "TBD", "T.B.D.", "tba", "-", "?"),
        *("TO BE FILLED BY O.E.M.", "To be filled by O.E.M.", "to be filled by oem", "TOBEFILLEDBYOEM", " N/A "),
    ],
    Kind.FILLER: [
        *("0000", "000000000000", "xxxx", "XxXx", "----"),
        *("....", "????", "1111111", "0 0 0 0", "*****", "________"),
    ],
    Kind.NAME: ["W-EAST", "w-east", "NORDWIND", "dock-2", "Ana", "ＡＮＡ"],
    Kind.ORDER: ["S-901", "n-1003", "4711"],
    Kind.REPEATED: ["00", "000", "AAA", "xx", "--", "...", "1 1"],
    Kind.OTHER_SERIAL: ["LAP-0001", "lap-0001"],
}
ALL = [(text, kind) for kind, texts in NO_SERIALS.items() for text in texts]


@pytest.mark.parametrize(("text", "kind"), ALL)
def test_what_is_no_serial_is_known_for_what_it_is(text: str, kind: Kind) -> None:
    found = judged(text)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    ("text", "sku", "form"),
    [
        ("4006381333931", "BAT-100", ""),
        ("4006381333931 12", "BAT-100", "with its add-on"),
        ("24006381333935", "BAT-100", "at another pack level"),
        ("4006381333948", "PEN-12", "at another pack level"),
        ("]C04006381333931", "BAT-100", "behind ]C0"),
        ("d4006381333931", "BAT-100", "behind D"),
        ("1PCAM-300", "CAM-300", "behind 1P"),
        ("0104006381333931", "BAT-100", "behind 01"),
        ("4 006381 333931", "BAT-100", "with blanks"),
    ],
)
def test_a_product_is_named_and_how_its_code_is_written(text: str, sku: str, form: str) -> None:
    assert judged(text) == NoSerial(Kind.PRODUCT, sku, form)


def test_a_products_number_is_only_one_where_the_client_has_the_product() -> None:
    for text in (
        "4006381333931",
        "4006381333931 12",
        "14006381333938",
        "]C04006381333931",
        "d4006381333931",
        "1PCAM-300",
    ):
        found = judge(code_of(text), Plain({}), WORDS, fits=False)
        assert found is None or found.kind is Kind.SCANNER_MARK, text


def test_a_pattern_that_matches_settles_it_but_for_products_and_commands() -> None:
    for text, kind in ALL:
        found = judged(text, fits=True)
        stays = kind is Kind.COMMAND or product_key(text) in PRODUCTS
        assert (found is not None) is stays, text


def test_what_may_be_taken_with_a_yes_is_no_more_than_four_kinds() -> None:
    taken = {kind for kind in Kind if kind.may_be_taken}
    assert taken == {Kind.NAME, Kind.ORDER, Kind.REPEATED, Kind.OTHER_SERIAL}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://example.org/" + "a" * 80, Kind.LINK),
        ('{"sn":"' + "1" * 80 + '"}', Kind.DATA),
        ("MECARD:N:M\u00fcller;;", Kind.CONTACT),
        ("BEGIN:VCARD\nVERSION:3.0\nN:M\u00fcller;Eva\nEND:VCARD", Kind.CONTACT),
        ("WIFI:S:B\u00fcro;T:WPA;P:x;;", Kind.WIFI),
        ("SN:123\tPN:456", Kind.FIELDS),
        ("SN:123\nPN:456", Kind.FIELDS),
    ],
)
def test_a_payload_is_known_however_long_and_whatever_its_letters(text: str, kind: Kind) -> None:
    assert not isinstance(read_code(text), Code)
    found = payload(text)
    assert found is not None
    assert found.kind is kind


def test_a_text_that_is_only_too_long_is_no_payload() -> None:
    assert payload("A" * 200) is None
    assert payload("\u0416-1") is None


def test_a_site_has_words_of_its_own() -> None:
    words = site_words("SS-", ("OHNE", "s. Lieferschein"))
    for text, is_one in (("ohne", True), ("S LIEFERSCHEIN", True), ("N/A", False), ("OHNE1", False)):
        found = judge(code_of(text), Plain(), words, fits=False)
        assert (found is not None) is is_one, text
    assert judge(code_of("0000"), Plain(), site_words("SS-", ()), fits=False) == NoSerial(Kind.FILLER, "4")


def test_the_sieve_lets_nothing_pass_that_is_no_serial() -> None:
    keys = [code_of(text).key for text, _ in ALL]
    assert [key for key in keys if key not in caught(keys)] == []
    for key in keys:  # and none hides another
        assert caught([*(code_of(text).key for text in SERIALS), key]) >= {key}


def test_the_sieve_lets_serials_pass_that_look_like_nothing_else() -> None:
    keys = [f"SN{n:06}" for n in range(50)] + [f"35693803564{n:04}" for n in range(50)]
    keys += [f"00:1A:2B:3C:4D:{n:02X}" for n in range(50)] + [f"P{n:07}" for n in range(50)]
    assert caught(keys) == set()


def test_the_sieve_agrees_with_the_judge_about_codes_at_random() -> None:
    random_ = random.Random(7)
    parts = ["0", "1", "00", "01", "21", "12", "9", "P", "1P", "30P"]
    parts += ["D", "]C0", "(01)", "(00)", " ", "-", ".", ":", "=", "/"]
    parts += ["SN", "A", "B", "CAM-300", "BOX"]
    parts += ["400638133393", "4006381333931", "04006381333931", "14006381333938", "036000291452"]
    parts += ["96385074", "N/A", "NONE", "ANA", "S-901", "SS-", "UNDO"]
    parts += ["34012345000000001", "WWW.", "://", "{", "}", '"', ";", "X"]
    found = 0
    for _ in range(20_000):
        text = "".join(random_.choices(parts, k=random_.randint(1, 4)))
        if random_.random() < 0.3 and text.isdigit():
            text += check_digit(text)
        code = read_code(text)
        if not isinstance(code, Code):
            continue
        if judge(code, Plain(), WORDS, fits=False) is not None:
            found += 1
            assert code.key in caught([code.key]), code
    assert found > 2_000


def test_each_kind_has_its_sentence() -> None:
    prompt = Prompt(CodeKind.PRIMARY, "CAM-300", 1, 2)
    for text, kind in ALL:
        found = judged(text)
        assert found is not None
        verdict = (say.may_be_a_serial if kind.may_be_taken else say.not_a_serial)(text, found, prompt)
        assert verdict.tone is (Tone.CHECK if kind.may_be_taken else Tone.STOP)
        assert verdict.reason == kind.value
        assert verdict.text.endswith("?" if kind.may_be_taken else ".")
        assert "{" not in verdict.text.replace(text, "")
        assert "CAM-300" in verdict.text
