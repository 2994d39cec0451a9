"""A supervisor's work on products: finding one, trying codes on it, changing it (RULES 1 and 2.17)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from scanstation.domain import marks, shapes
from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, misspelt, shorten, visible
from scanstation.domain.commands import Command, read_command
from scanstation.domain.gtin import product_key
from scanstation.domain.language import joined, said_later, word, worded
from scanstation.domain.not_serials import judge, payload
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.products import Barcode, Difference, ListedProduct, Product, ProductAct
from scanstation.domain.scan import Scan, Source
from scanstation.domain.sheet_kinds import SERIAL_TAKES_UNIT
from scanstation.domain.tracking import Asks, TrackingSettings
from scanstation.domain.verdict import CodeKind, Prompt, Verdict
from scanstation.store import catalog, reports
from scanstation.store import units as unit_codes
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials, lookup, serial_pattern
from scanstation.workflows.codes.barcodes import name_trouble, read_barcodes, scanned_barcode
from scanstation.workflows.codes.lookup import Commanded, NoCode, NothingFound, ProductsFound, Unusable, resolve
from scanstation.workflows.codes.serial_facts import AtDesk
from scanstation.workflows.site import Site

PAGE = 50
_SHOWN_ACTS = 30
NEW = "new"
"""What the history says of a product's beginning."""
_TEXTS = {
    "description": said_later("description"),
    "serial_pattern": said_later("serial pattern"),
    "serial_hint": said_later("serial hint"),
    "secondary_pattern": said_later("secondary pattern"),
    "secondary_hint": said_later("secondary hint"),
    "strip": said_later("marks"),
    "secondary_strip": said_later("secondary marks"),
}
LONGEST_STRIP = 200
NEW_SETTINGS = said_later("New settings count for units taken from now on.")
SETTING_NAMES = {
    "track": "Track Serial Number",
    "both": "Both Receiving and Packing",
    "only_packing": "Only Packing",
    "skip_scan": "Skip Scan Serial Number",
    "secondary": "Scan Secondary Serial Number",
}
"""The five settings as the source names them: field of `TrackingSettings` → name."""
ON_OFF = {True: said_later("on"), False: said_later("off")}


@dataclass(frozen=True, slots=True)
class ProductForm:
    """A product with its barcodes: as it is, or as a supervisor would have it."""

    record: Product
    client: str
    barcodes: tuple[Barcode, ...]

    @property
    def sku(self) -> str:
        """The SKU, to be shown."""
        return shorten(self.record.sku) or word("the new product")

    @property
    def is_new(self) -> bool:
        """Is it not in the store yet?"""
        return not self.record.id

    def with_setting(self, name: str, on: bool) -> "ProductForm":
        """The product with one of its five settings on or off."""
        settings = replace(self.record.settings, **{name: on})
        return replace(self, record=replace(self.record, settings=settings))

    def with_serial_taking_unit(self, on: bool) -> "ProductForm":
        """The product of which a new serial takes its unit at receiving, or not."""
        return replace(self, record=replace(self.record, serial_takes_unit=on))

    def asking_again(self) -> "ProductForm":
        """The product without the answer that units differ by marks or separators alone."""
        return replace(self, record=replace(self.record, told_apart=()))

    def with_text(self, name: str, text: str) -> "ProductForm":
        """The product with another description, pattern or hint."""
        changed: dict[str, Any] = {name: text.strip(" ")}
        return replace(self, record=replace(self.record, **changed))


def blank() -> ProductForm:
    """What a new product begins as."""
    return ProductForm(
        Product(
            id=0,
            client_id=0,
            sku="",
            description="",
            settings=TrackingSettings(False, False, False, False, False),
            serial_pattern="",
            serial_hint="",
            secondary_pattern="",
            secondary_hint="",
        ),
        "",
        (),
    )


def with_client(site: Site, wanted: ProductForm, name: str) -> ProductForm:
    """A new product with a client: one that is there, by whichever case its name is typed in, or a new one."""
    with site.store.read() as tx:
        client_id, code = catalog.client_named(tx, name) or (0, name.strip(" "))
    return replace(wanted, client=code, record=replace(wanted.record, client_id=client_id))


def page(site: Site, wanted: str = "", after: ListedProduct | None = None, *, client: str = "") -> list[ListedProduct]:
    """The next products with a text in their SKU or description, or as their barcode; of a client, or of all."""
    key = (after.product.client_id, after.product.sku_key) if after else None
    with site.store.read() as tx:
        return catalog.products_page(tx, wanted, key, PAGE, client=client)


def clients(site: Site) -> list[str]:
    """The clients that there are."""
    with site.store.read() as tx:
        return reports.known_names(tx)[0]


def count(site: Site) -> int:
    """How many products there are."""
    with site.store.read() as tx:
        return catalog.count_products(tx)


def read(site: Site, product_id: int) -> ProductForm:
    """A product as it is now."""
    with site.store.read() as tx:
        return _read(tx, product_id)


LOOKS = (lookup.products, lookup.products_after_identifier)
"""What a scan may stand for in the list of products."""


def of_scan(site: Site, scan: Scan) -> tuple[ListedProduct, ...] | Command | Verdict:
    """The products a scan stands for, or a command; a verdict where it is neither."""
    meant = resolve(site, scan, *LOOKS)
    match meant:
        case Unusable(verdict):
            return verdict
        case Commanded(command):
            return command
        case ProductsFound(found):
            return found
        case NoCode(bad):
            return say.bad_code(bad, "a SKU or a barcode")
        case NothingFound(reading):
            return say.unknown_product(reading.text)


def pattern_trouble(text: str) -> Reason | None:
    """Why a text cannot be a serial pattern; an empty one is none."""
    wrong = serial_pattern.refusal(text) if text else None
    return say.no_pattern(text=text, why=wrong) if wrong else None


def strip_trouble(text: str) -> Reason | None:
    """Why a text cannot be a product's list of marks; an empty one is none."""
    if misspelt(text) or visible(text) != text or len(text) > LONGEST_STRIP:
        return say.no_list_of_marks(text=text, most=LONGEST_STRIP)
    digits = [mark for mark in marks.listed(text) if mark.isdigit()]
    if digits:
        return say.mark_of_digits(mark=digits[0])
    return None


def add_barcode(site: Site, wanted: ProductForm, scan: Scan) -> ProductForm | Verdict:
    """The product with one barcode more, scanned or typed (`code=12`); nothing is saved."""
    heard = lookup.read(site, scan)
    if isinstance(heard, Unusable):
        return heard.verdict
    barcode = _barcode_of(site, scan)
    if isinstance(barcode, Reason):
        return say.refused_with(barcode, scan.text)
    key = product_key(barcode.text)
    if any(product_key(one.text) == key for one in wanted.barcodes):
        return say.barcode_known(barcode.text)
    with site.store.read() as tx:
        if clash := _clash(tx, wanted, barcode):
            return say.refused_with(clash, barcode.text)
    return replace(wanted, barcodes=(*wanted.barcodes, barcode))


def _barcode_of(site: Site, scan: Scan) -> Barcode | Reason:
    prefix = site.rules.command_prefix
    if scan.source is not Source.TYPED:
        barcode = scanned_barcode(scan.text, prefix)
    elif len(several := list(read_barcodes(scan.text, prefix))) == 1:
        barcode = several[0]
    else:
        return say.several_barcodes(text=scan.text)
    return barcode if isinstance(barcode, Reason) else barcode.record


def try_code(site: Site, wanted: ProductForm, scan: Scan) -> Verdict:
    """What the station would say of a code at the serial prompt of this product, as it is on the screen."""
    heard = lookup.read(site, scan)
    if isinstance(heard, Unusable):
        return heard.verdict
    reading = heard.reading if isinstance(heard, Commanded) else heard
    text = reading.code or reading.text
    record = wanted.record
    with site.store.read() as tx:
        code, alike = _read_serial(tx, record, text)
    spelt = reading.doubt.spelt if reading.doubt else ""
    prompt = Prompt(CodeKind.PRIMARY, wanted.sku, 1, 1, record.serial_hint)
    if isinstance(code, BadCode):
        if spelt:
            return say.faulty(scan.text, say.spelt_separator(spelt))
        of_text = payload(text)
        return say.not_a_serial(text, of_text, prompt) if of_text else say.bad_code(code)
    if any(product_key(one.text) == product_key(code.text) for one in wanted.barcodes):
        return say.is_a_product(code.text, wanted.sku, prompt)
    fitting = _against_patterns(record, text, code)
    with site.store.read() as tx:
        facts = AtDesk(site, tx, record, None)
        is_usual = shapes.is_usual(record.shapes, CodeKind.PRIMARY, code.text)
        reason = judge(code, facts, site.rules.words, fits=fitting is not None, is_usual=is_usual)
    if fitting is None and spelt:
        return say.faulty(scan.text, say.spelt_separator(spelt))
    if reason and not reason.kind.may_be_taken:
        return say.not_a_serial(code.text, reason, prompt)
    if fitting is not None:
        return _of_label(text, code, alike, fitting)
    for shorter in reading.doubt.shorter if reading.doubt else ():
        if _against_patterns(record, shorter, Code(shorter, code_key(shorter))):
            return say.dropped_separator(scan.text, code.text, shorter)
    answer = _unlike_any(record, code.text)
    if reason and answer.accepted:
        return say.would_be_asked(code.text, reason)
    if answer.accepted and code_key(text) == code.key and (other := marks.other_identifier(record.strip, code.text)):
        answer = _other_identifier(code, *other, prompt)
    return _of_label(text, code, alike, answer)


def _read_serial(tx: Transaction, record: Product, text: str) -> tuple[Code | BadCode, str]:
    """The code that a label's text means, and a known one that differs from it only by its marks."""
    kinds = [*CodeKind] if record.settings.secondary else [CodeKind.PRIMARY]
    code = label_serials.serial_on(record, kinds, text, lambda key: _has(tx, record, key))
    if isinstance(code, BadCode) or not record.id or _has(tx, record, code.key):
        return code, ""
    known = unit_codes.alike(tx, record.id, code.key)
    told = [one.text for one in known if marks.difference(one.key, code.key) not in record.told_apart]
    return code, told[0] if told else ""


def _has(tx: Transaction, record: Product, key: str) -> bool:
    return bool(record.id) and unit_codes.by_code(tx, record.id, key) is not None


def _other_identifier(code: Code, name: str, means: str, prompt: Prompt) -> Verdict:
    if len(name) > 1:
        return say.other_identifier(code.text, name, means, prompt)
    return say.identifier_would_be_asked(code.text, name, means)


def _of_label(text: str, code: Code, alike: str, answer: Verdict) -> Verdict:
    """The answer with what of the label's text is the code, and what would be asked of it first."""
    if answer.accepted and alike:
        answer = say.alike_would_be_asked(code.text, alike)
    if code_key(text) == code.key:
        return answer
    return say.on_label(code.text, answer)


def _against_patterns(record: Product, text: str, code: Code) -> Verdict | None:
    """The answer for a code that one of the product's patterns matches, or takes out of its label's text."""
    if label_serials.fits(record.serial_pattern, text, code):
        return say.looks_primary(code.text, record.sku)
    if record.settings.secondary and label_serials.fits(record.secondary_pattern, text, code):
        return say.looks_secondary(code.text, record.sku)
    return None


def _unlike_any(record: Product, code: str) -> Verdict:
    if not record.serial_pattern:
        return say.without_pattern(code, record.sku)
    if record.settings.secondary and not record.secondary_pattern:
        return say.only_secondary(code, record.sku)
    return say.wrong_pattern(code, shorten(record.sku), record.serial_hint)


def serials_word(product: Product) -> str:
    """How a product's serials come in, in a word or two, for a list."""
    if product.settings.refusal() is not None:
        return "?"
    policy = product.settings.policy()
    if not policy.tracked:
        return worded("not tracked")
    scanned = policy.receiving_asks is not Asks.NOTHING or policy.packing_asks is not Asks.NOTHING
    if policy.two_codes:
        return worded("scanned, two") if scanned else worded("imported, two")
    return worded("scanned") if scanned else worded("imported")


def serial_takes_unit_words(product: Product) -> str:
    """What Serial Takes Unit does with a product, where it is on."""
    if product.settings.policy().receiving_asks is Asks.NOTHING:
        return worded("does nothing: receiving asks for no serial.")
    if not product.serial_pattern:
        return worded("does nothing without a pattern: a new serial has to match it.")
    return worded(
        "has a new serial that matches the pattern take its unit at receiving, if no other product of "
        "the order may have such a serial."
    )


def product_differences(
    before: Product | None,
    barcodes: Iterable[Barcode],
    wanted: Product,
    wanted_barcodes: Iterable[Barcode],
) -> list[Difference]:
    """What changes of a product, from what to what, for its history; of a new one, that it is new."""
    if before is None:
        return [Difference(NEW)]
    differences = [
        Difference(name, *(ON_OFF[getattr(settings, field)] for settings in (before.settings, wanted.settings)))
        for field, name in SETTING_NAMES.items()
        if getattr(before.settings, field) != getattr(wanted.settings, field)
    ]
    if before.serial_takes_unit != wanted.serial_takes_unit:
        was, becomes = (ON_OFF[one.serial_takes_unit] for one in (before, wanted))
        differences.append(Difference(SERIAL_TAKES_UNIT, was, becomes))
    if set(barcodes) != set(wanted_barcodes):
        differences.append(
            Difference(said_later("barcodes"), _barcodes_text(barcodes), _barcodes_text(wanted_barcodes))
        )
    if before.told_apart != wanted.told_apart:
        differences.append(Difference(catalog.TOLD_APART, ", ".join(before.told_apart), ", ".join(wanted.told_apart)))
    texts = ((name, getattr(before, field), getattr(wanted, field)) for field, name in _TEXTS.items())
    return differences + [Difference(name, was, becomes) for name, was, becomes in texts if was != becomes]


def learned_barcodes(site: Site, product_id: int) -> list[Barcode]:
    """The barcodes of a product that were learned here with SS-LEARN."""
    with site.store.read() as tx:
        return catalog.learned_of(tx, product_id)


def _barcodes_text(barcodes: Iterable[Barcode]) -> str:
    return "; ".join(one.written for one in barcodes)


def changes(before: ProductForm, wanted: ProductForm) -> list[str]:
    """What a supervisor has changed, in words."""
    named = [
        word
        for word, now in ((said_later("client"), wanted.client), ("SKU", wanted.record.sku))
        if now and before.is_new
    ]
    found = product_differences(before.record, before.barcodes, wanted.record, wanted.barcodes)
    return [*named, *(one.what for one in found)]


def history(site: Site, product_id: int) -> list[ProductAct]:
    """What was last changed of a product, the newest first."""
    with site.store.read() as tx:
        return catalog.acts_on(tx, product_id, _SHOWN_ACTS)


@dataclass(frozen=True, slots=True)
class StockWarning:
    """Units on hand without the serials that packing will ask for (RULES 2.17)."""

    units: int
    text: str


def stock_warnings(site: Site, tx: Transaction, records: Iterable[Product]) -> dict[int, StockWarning]:
    """What the settings of these products mean for units on hand without serials, where there are any: by id."""
    policies = {record.id: (record, site.policy(record.settings)) for record in records if record.id}
    needing = {product_id: told for product_id, told in policies.items() if told[1].packing_needs_serials}
    warnings = {}
    for product_id, stock in catalog.on_hand(tx, needing).items() if needing else ():
        record, policy = needing[product_id]
        if not stock.without_serials:
            continue
        text = say.stock_lacks_serials(record.sku, stock.without_serials, wants_known=policy.packing_wants_known)
        warnings[product_id] = StockWarning(stock.without_serials, text)
    return warnings


def before_saving(site: Site, before: ProductForm, wanted: ProductForm) -> Refused | str:
    """Why the product cannot be saved so, or what a supervisor should know first (empty for nothing)."""
    with site.store.read() as tx:
        if reasons := _reasons(site, tx, before, wanted):
            return Refused(tuple(reasons))
        if wanted.is_new:
            known = catalog.client_named(tx, wanted.client)
            return "" if known else say.client_is_made(wanted.client)
        if before.record.settings == wanted.record.settings:
            return ""
        warnings = [warning.text for warning in stock_warnings(site, tx, [wanted.record]).values()]
        return joined([*warnings, word(NEW_SETTINGS)], " ")


def save(site: Site, before: ProductForm, wanted: ProductForm) -> Done | Refused:
    """Change a product, or make a new one; refused where it is not as it was when the supervisor began."""
    answer, _ = save_as(site, before, wanted)
    return answer


def save_as(site: Site, before: ProductForm, wanted: ProductForm) -> tuple[Done | Refused, ProductForm]:
    """Save a product; and the product as it is now, which of a new one has its id."""
    stamp = site.stamp()

    def act(tx: Transaction) -> tuple[Done | Refused, ProductForm]:
        if not wanted.is_new:
            catalog.locked(tx, [wanted.record.id])
        if reasons := _reasons(site, tx, before, wanted):
            return Refused(tuple(reasons)), wanted
        client = wanted.record.client_id or catalog.client_id(tx, wanted.client, create=True) or 0
        record = replace(wanted.record, client_id=client)
        product_id = catalog.save_product(tx, record)
        catalog.save_barcodes(tx, client, product_id, wanted.barcodes)
        kept = product_differences(None if wanted.is_new else before.record, before.barcodes, record, wanted.barcodes)
        catalog.note_changes(tx, {product_id: kept}, stamp)
        saved = say.product_is_saved(wanted.sku, changes(before, wanted))
        done = say.product_is_made(wanted.sku, wanted.client) if wanted.is_new else saved
        return done, replace(wanted, record=replace(record, id=product_id))

    done = site.act(Deed.CHANGE_PRODUCT, act)
    answer, saved = (done, wanted) if isinstance(done, Refused) else done
    return site.logged(answer, code=wanted.record.sku), saved


def _read(tx: Transaction, product_id: int) -> ProductForm:
    listed = catalog.listed_product(tx, product_id)
    return ProductForm(listed.product, listed.client, tuple(catalog.barcodes_of(tx, product_id)))


def _reasons(site: Site, tx: Transaction, before: ProductForm, wanted: ProductForm) -> list[Reason]:
    record, sku = wanted.record, wanted.sku
    if wanted.is_new:
        if trouble := _no_new_product(site, tx, wanted):
            return trouble
    elif _read(tx, record.id) != before:
        return [say.product_changed_meanwhile(sku)]
    reasons: list[Reason] = []
    if (wrong := record.settings.refusal()) is not None:
        reasons.append(say.settings_do_not_fit(sku=sku, wrong=wrong))
    if not wanted.is_new and record.settings != before.record.settings and catalog.in_open_work(tx, [record.id]):
        reasons.append(Reason("product-in-work", in_work_words(sku, before.record.settings, record.settings)))
    for pattern in (record.serial_pattern, record.secondary_pattern):
        if trouble_with := pattern_trouble(pattern):
            reasons.append(trouble_with)
    reasons += [clash for barcode in wanted.barcodes if (clash := _clash(tx, wanted, barcode))]
    return reasons


def _no_new_product(site: Site, tx: Transaction, wanted: ProductForm) -> list[Reason]:
    """Why there can be no new product of this client and SKU; as `load` has it."""
    client, sku = wanted.client, wanted.record.sku
    if found := [trouble for name, text in (("client", client), ("SKU", sku)) if (trouble := name_trouble(name, text))]:
        return [replace(one, text=one.text.replace("the ", "The ", 1)) if one.name == "empty" else one for one in found]
    if read_command(code_key(sku), code_key(site.rules.command_prefix)) is not None:
        return [say.sku_is_command(sku)]
    known = catalog.client_named(tx, client)
    if known is None:
        return []
    if catalog.product_by_sku(tx, known[0], sku):
        return [say.product_is_there(sku=wanted.sku, client=known[1])]
    if known[0] != wanted.record.client_id:
        return [say.client_since_now(client=known[1])]
    if other := catalog.scanned_product(tx, known[0], sku):
        taken = shorten(other.product.sku)
        return [say.sku_is_barcode(sku=wanted.sku, taken=taken)]
    return []


def changed_settings(before: TrackingSettings, wanted: TrackingSettings) -> list[str]:
    """The names of the settings that differ."""
    return [name for field, name in SETTING_NAMES.items() if getattr(before, field) != getattr(wanted, field)]


def in_work_words(sku: str, before: TrackingSettings, wanted: TrackingSettings) -> str:
    """Why settings cannot change now."""
    return say.settings_in_work(sku, changed_settings(before, wanted))


def _clash(tx: Transaction, wanted: ProductForm, barcode: Barcode) -> Reason | None:
    """Another product of the client that a barcode stands for already."""
    other = catalog.scanned_product(tx, wanted.record.client_id, barcode.text)
    if other is None or other.product.id == wanted.record.id:
        return None
    return say.barcode_of_another(barcode=barcode.text, other=other.product.sku)
