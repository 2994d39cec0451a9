"""The station on an existing store, as the command line opens it: `python station_program.py URL [STATION] [ORDER]`."""

import sys

from scanstation.app import run_station
from scanstation.config import load
from scanstation.screens.station import Go, Where
from scanstation.store.store import open_store
from scanstation.workflows.site import Seat, Site

if __name__ == "__main__":
    url, station, *order = sys.argv[1:]
    store = open_store(url)
    settings = load()
    status = run_station(
        Site(store, "Ana", station, seat=Seat(settings.auth.lock_after_s)),
        settings=settings,
        first=Go(Where.RECEIVE, code=order[0]) if order else Go(Where.HOME),
    )
    store.close()
    raise SystemExit(status)
