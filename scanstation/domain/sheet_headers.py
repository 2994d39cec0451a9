"""What our columns are called on sheets in other languages, beside their English headers."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

_TABLE_OF = ("de", "es", "pl", "fr")
_TABLE = {
    "Warehouse": ("Lager", "Almacén; Bodega", "Magazyn", "Entrepôt; Dépôt"),
    # Kunde is none of it: on the sheets of an ERP that is whom the goods go to.
    "Client": ("Mandant", "Cliente", "Klient", "Client"),
    # Nor are Bestellung and Bestellnummer, which may be of either side, or the maker's number of an article.
    "PO Number": (
        "Einkaufsauftrag; Einkaufsauftragsnummer; Einkaufsauftrag Nr.; PO-Nummer",
        "Orden de compra; Número de orden de compra; N.º de orden de compra; Pedido de compra;"
        " Número de pedido de compra",
        "Zamówienie zakupu; Numer zamówienia zakupu; Nr zamówienia zakupu",
        "Commande d'achat; Numéro de commande d'achat; N° de commande d'achat",
    ),
    "SO Number": (
        "Versandauftrag; Versandauftragsnummer; Versandauftrag Nr.; SO-Nummer",
        "Orden de envío; Número de orden de envío; N.º de orden de envío",
        "Zlecenie wysyłki; Numer zlecenia wysyłki; Nr zlecenia wysyłki",
        "Commande d'expédition; Numéro de commande d'expédition; N° de commande d'expédition",
    ),
    "RMA": (
        "RMA; RMA-Nummer; Retourennummer",
        "RMA; Número de RMA; Número de devolución",
        "RMA; Numer RMA; Nr RMA; Numer zwrotu",
        "RMA; Numéro de RMA; Numéro de retour",
    ),
    "SKU": (
        "SKU; Artikelnummer; Artikel-Nr.; Art.-Nr.",
        "SKU; Código de artículo",
        "SKU; Kod towaru; Numer artykułu",
        "SKU; Code article",
    ),
    "Quantity": ("Menge; Anzahl; Stückzahl", "Cantidad", "Ilość", "Quantité; Qté"),
    "Supplier": ("Lieferant", "Proveedor", "Dostawca", "Fournisseur"),
    # Vencimiento is none of it: of goods it is their use-by day.
    "Due": (
        "Fällig; Fällig am; Liefertermin",
        "Fecha prevista; Fecha de entrega",
        "Termin realizacji; Termin dostawy",
        "Date prévue; Échéance; Date d'échéance",
    ),
    "Line": (
        "Position; Pos.; Positionsnummer; Zeile",
        "Línea; Número de línea",
        "Pozycja; Numer pozycji",
        "Ligne; Numéro de ligne",
    ),
    "Cancelled": ("Storniert", "Cancelado; Cancelada; Anulado; Anulada", "Anulowane; Anulowano", "Annulé; Annulée"),
    "Reason": ("Grund", "Motivo", "Powód", "Motif; Raison"),
    "Returns": ("Retouren; Rückware", "Devoluciones", "Zwroty", "Retours"),
    "Reference": ("Referenz", "Referencia", "Numer referencyjny; Nr referencyjny", "Référence"),
    "Ship To": (
        "Lieferadresse; Empfänger; Warenempfänger",
        "Destinatario; Dirección de envío; Enviar a",
        "Odbiorca; Adres dostawy",
        "Destinataire; Adresse de livraison; Livrer à",
    ),
    "Description": ("Beschreibung; Bezeichnung", "Descripción", "Opis", "Description; Désignation"),
    "Barcodes": (
        "Barcodes; Barcode; Strichcodes; Strichcode",
        "Códigos de barras; Código de barras",
        "Kody kreskowe; Kod kreskowy",
        "Codes-barres; Code-barres; Codes à barres",
    ),
    "Track Serial Number": (
        "Seriennummer verfolgen; Seriennummern verfolgen",
        "Controlar número de serie",
        "Śledź numer seryjny",
        "Suivre le numéro de série",
    ),
    "Both Receiving and Packing": (
        "Wareneingang und Packen",
        "Recepción y preparación",
        "Przyjęcie i pakowanie",
        "Réception et préparation",
    ),
    "Only Packing": (
        "Nur Packen",
        "Solo preparación",
        "Tylko pakowanie",
        "Préparation seulement; Préparation uniquement",
    ),
    "Skip Scan Serial Number": (
        "Seriennummer nicht scannen",
        "No escanear número de serie",
        "Nie skanuj numeru seryjnego",
        "Ne pas scanner le numéro de série",
    ),
    "Scan Secondary Serial Number": (
        "Sekundäre Seriennummer scannen",
        "Escanear número de serie secundario",
        "Skanuj dodatkowy numer seryjny",
        "Scanner le numéro de série secondaire",
    ),
    "Serial Pattern": (
        "Muster der Seriennummer",
        "Patrón del número de serie",
        "Wzór numeru seryjnego",
        "Modèle du numéro de série",
    ),
    "Serial Hint": (
        "Hinweis zur Seriennummer",
        "Indicación del número de serie",
        "Wskazówka do numeru seryjnego",
        "Indication du numéro de série",
    ),
    "Secondary Serial Pattern": (
        "Muster der sekundären Seriennummer",
        "Patrón del número de serie secundario",
        "Wzór dodatkowego numeru seryjnego",
        "Modèle du numéro de série secondaire",
    ),
    "Secondary Serial Hint": (
        "Hinweis zur sekundären Seriennummer",
        "Indicación del número de serie secundario",
        "Wskazówka do dodatkowego numeru seryjnego",
        "Indication du numéro de série secondaire",
    ),
    "Strip": ("Vorsatz entfernen", "Quitar prefijo", "Usuń przedrostek", "Retirer le préfixe"),
    "Secondary Strip": (
        "Sekundären Vorsatz entfernen",
        "Quitar prefijo secundario",
        "Usuń dodatkowy przedrostek",
        "Retirer le préfixe secondaire",
    ),
    "Serial Takes Unit": (
        "Seriennummer nimmt Einheit",
        "El número de serie toma la unidad",
        "Numer seryjny pobiera sztukę",
        "Le numéro de série prend l'unité",
    ),
    "Primary Serial Number": (
        "Primäre Seriennummer",
        "Número de serie primario; Número de serie principal; N.º de serie primario; N.º de serie principal",
        "Główny numer seryjny; Numer seryjny główny",
        "Numéro de série principal; N° de série principal",
    ),
    "Secondary Serial Number": (
        "Sekundäre Seriennummer",
        "Número de serie secundario; N.º de serie secundario",
        "Dodatkowy numer seryjny; Numer seryjny dodatkowy",
        "Numéro de série secondaire; N° de série secondaire",
    ),
    "Serial": (
        "Seriennummer",
        "Número de serie; N.º de serie",
        "Numer seryjny; Nr seryjny",
        "Numéro de série; N° de série",
    ),
    "Lot": (
        "Charge; Chargennummer; Los",
        "Lote; Número de lote",
        "Partia; Numer partii; Nr partii",
        "Lot; Numéro de lot; N° de lot",
    ),
    "Expiry": (
        "Verbrauchsdatum; Verfallsdatum; Ablaufdatum",
        "Fecha de caducidad; Caducidad",
        "Termin przydatności; Data ważności",
        "Date limite de consommation; DLC; Date de péremption",
    ),
    "Best Before": (
        "Mindesthaltbarkeitsdatum; MHD",
        "Consumo preferente; Fecha de consumo preferente",
        "Najlepiej spożyć przed; Data minimalnej trwałości",
        "Date de durabilité minimale; DDM; DLUO",
    ),
    "Made": (
        "Herstellungsdatum; Herstelldatum; Produktionsdatum",
        "Fecha de fabricación",
        "Data produkcji",
        "Date de fabrication",
    ),
    "Status": ("Status", "Estado", "Status", "Statut"),
    "On Hold": ("Gesperrt", "Retenido", "Zablokowany", "Bloqué"),
}
HEADERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    column: {
        language: tuple(header.strip() for header in headers.split(";"))
        for language, headers in zip(_TABLE_OF, of_each, strict=True)
    }
    for column, of_each in _TABLE.items()
}
"""Our column → language → its headers there, the usual one first. No header means two columns, in no two languages."""

_LONGEST = 80
_NOTHING: Mapping[str, str] = {}
_LETTERS = str.maketrans({"ł": "l", "œ": "oe", "°": "o"})
"""What is written otherwise too, and falls into no letter and mark by itself."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


_has_digit = re.compile("[0-9]").search


def meanings(header: str) -> Mapping[str, str]:
    """Language → the column of ours that is called so there; empty for any other text.

    >>> dict(meanings("NUMERO DE SERIE"))
    {'es': 'Serial', 'fr': 'Serial'}
    """
    # The rows below a header are asked too, and a sheet may have thousands of columns.
    return _NOTHING if len(header) > _LONGEST or _has_digit(header) else _known(header)


@lru_cache(4096)
def _known(header: str) -> Mapping[str, str]:
    return _index().get(_folded(header), _NOTHING)


@cache
def _index() -> Mapping[str, Mapping[str, str]]:
    index: dict[str, dict[str, str]] = {}
    for column, languages in HEADERS.items():
        for language, headers in languages.items():
            for header in headers:
                for written in (header, header.casefold().translate(_UMLAUTS)):
                    index.setdefault(_folded(written), {})[language] = column
    return index


def _folded(text: str) -> str:
    """What these headers are compared by: neither case nor accents, blanks and signs matter, which programs drop."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(filter(str.isalnum, plain))
