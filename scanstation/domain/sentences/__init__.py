"""Every sentence a scan can be answered with: what happened, to which thing, what to do now.

Callers know one place, `from scanstation.domain import sentences as say`; each subject has its module, with its
templates at the head. Codes come in visible and shortened (`codes.shorten`), times local (`14:02`).
"""

from scanstation.domain.sentences.access_ends import *
from scanstation.domain.sentences.anywhere import *
from scanstation.domain.sentences.backups import *
from scanstation.domain.sentences.catalog_ends import *
from scanstation.domain.sentences.counts import *
from scanstation.domain.sentences.discrepancies import *
from scanstation.domain.sentences.downtime import *
from scanstation.domain.sentences.expected import *
from scanstation.domain.sentences.file_ends import *
from scanstation.domain.sentences.files import *
from scanstation.domain.sentences.handovers import *
from scanstation.domain.sentences.imports import *
from scanstation.domain.sentences.labels import *
from scanstation.domain.sentences.loads import *
from scanstation.domain.sentences.lots import *
from scanstation.domain.sentences.new_codes import *
from scanstation.domain.sentences.operators import *
from scanstation.domain.sentences.order_acts import *
from scanstation.domain.sentences.order_ends import *
from scanstation.domain.sentences.orders import *
from scanstation.domain.sentences.papers import *
from scanstation.domain.sentences.products import *
from scanstation.domain.sentences.ranges import *
from scanstation.domain.sentences.refusals import *
from scanstation.domain.sentences.regrading import *
from scanstation.domain.sentences.renaming import *
from scanstation.domain.sentences.reports import *
from scanstation.domain.sentences.returns import *
from scanstation.domain.sentences.rows import *
from scanstation.domain.sentences.scanners import *
from scanstation.domain.sentences.seats import *
from scanstation.domain.sentences.serials import *
from scanstation.domain.sentences.shipping import *
from scanstation.domain.sentences.stock_ends import *
from scanstation.domain.sentences.store_ends import *
from scanstation.domain.sentences.transfers import *
from scanstation.domain.sentences.unit_acts import *
from scanstation.domain.sentences.unit_ends import *
from scanstation.domain.sentences.upkeep import *
