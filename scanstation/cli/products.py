"""`products`: what a product or a client is called, and products that take no order lines any more."""

import click

from scanstation.cli.output import end_with
from scanstation.cli.start import TEXT, Start
from scanstation.domain.language import worded

_CLIENT = click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client.")


@click.group()
def products() -> None:
    """Rename and retire products, and take learned barcodes back."""


@products.command()
@click.argument("sku", metavar="SKU", type=TEXT)
@click.argument("new", metavar="NEW", type=TEXT)
@_CLIENT
@click.pass_obj
def rename(start: Start, sku: str, new: str, client: str | None) -> None:
    """Give a product the SKU NEW.

    Its units and orders go with it, and the old SKU stays as a barcode. Histories keep the old one.
    """
    site = start.site
    from scanstation.workflows.master_data import renaming

    end_with(renaming.rename(site, sku, new, client=client))


@products.command("rename-client")
@click.argument("name", metavar="CLIENT", type=TEXT)
@click.argument("new", metavar="NEW", type=TEXT)
@click.pass_obj
def rename_client(start: Start, name: str, new: str) -> None:
    """Give a client the name NEW. Its products and orders go with it; histories keep the old name."""
    site = start.site
    from scanstation.workflows.master_data import renaming

    end_with(renaming.rename_client(site, name, new))


@products.command()
@click.argument("sku", metavar="SKU", type=TEXT)
@_CLIENT
@click.option("--with-stock", is_flag=True, help="Even though units of it stand in the warehouses.")
@click.option("--undo", is_flag=True, help="It takes order lines again.")
@click.pass_obj
def retire(start: Start, sku: str, client: str | None, *, with_stock: bool, undo: bool) -> None:
    """Let a product take no new order lines any more.

    Refused while an order has it that is not finished, and while units of it stand in the warehouses.
    """
    if undo and with_stock:
        raise click.UsageError(worded("--undo and --with-stock do not go together."))
    site = start.site
    from scanstation.workflows.master_data import renaming

    if undo:
        end_with(renaming.take_back(site, sku, client=client))
    else:
        end_with(renaming.retire(site, sku, client=client, with_stock=with_stock))


@products.command()
@click.argument("sku", metavar="SKU", type=TEXT)
@click.argument("barcode", metavar="BARCODE", type=TEXT)
@_CLIENT
@click.pass_obj
def unlearn(start: Start, sku: str, barcode: str, client: str | None) -> None:
    """Take back a barcode that was learned with the card SS-LEARN. What was counted with it stays."""
    site = start.site
    from scanstation.workflows.master_data import renaming

    end_with(renaming.unlearn(site, sku, barcode, client=client))
