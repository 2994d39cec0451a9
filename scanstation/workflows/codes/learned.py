"""Barcodes that somebody here has taught the station (SS-LEARN): written, marked and taken back in one act each."""

from scanstation.domain.products import LEARNED, UNLEARNED, Barcode, Difference, Product
from scanstation.domain.units import Stamp
from scanstation.store import catalog
from scanstation.store.store import Transaction


def learn(tx: Transaction, product: Product, barcode: Barcode, stamp: Stamp) -> None:
    """Give a product one barcode more, and keep who has taught it."""
    catalog.save_barcodes(tx, product.client_id, product.id, [*catalog.barcodes_of(tx, product.id), barcode])
    catalog.note_changes(tx, {product.id: [Difference(LEARNED, became=barcode.written)]}, stamp)


def forget(tx: Transaction, product: Product, barcode: Barcode, stamp: Stamp) -> None:
    """Take a barcode that was learned off its product. What was counted with it stays."""
    kept = [one for one in catalog.barcodes_of(tx, product.id) if one != barcode]
    catalog.save_barcodes(tx, product.client_id, product.id, kept)
    catalog.note_changes(tx, {product.id: [Difference(UNLEARNED, was=barcode.written)]}, stamp)


def is_learned(tx: Transaction, product: Product, barcode: Barcode) -> bool:
    """Has the product this barcode because somebody here has taught it?"""
    return barcode in catalog.barcodes_of(tx, product.id) and barcode in catalog.learned_of(tx, product.id)
