# SPDX-License-Identifier: BSD-2-Clause
"""pyscard, as its users know it: `card` waits for the card, lists, connects and transmits; `monitor PID`
watches the card go when the process that is the card ends."""

import os
import signal
import sys
import threading

from smartcard.CardMonitoring import CardMonitor, CardObserver
from smartcard.CardRequest import CardRequest
from smartcard.CardConnection import CardConnection
from smartcard.System import readers
from smartcard.util import toHexString

LIMIT = 60  # seconds; passes only when something is broken


def card():
    service = CardRequest(timeout=LIMIT).waitforcard()
    print("readers", len(readers()))
    connection = service.connection
    connection.connect(CardConnection.T0_protocol)
    print("atr", toHexString(connection.getATR()))
    print("protocol", connection.getProtocol())
    data, sw1, sw2 = connection.transmit([0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0, 0, 0, 0x79, 0x01, 0x00])
    print("select", toHexString(data), "%02X%02X" % (sw1, sw2))
    data, sw1, sw2 = connection.transmit([0x00, 0xC0, 0x00, 0x00, sw2])
    print("response", toHexString(data), "%02X%02X" % (sw1, sw2))
    connection.disconnect()


class Observer(CardObserver):
    def __init__(self):
        super().__init__()
        self.inserted = threading.Event()
        self.removed = threading.Event()

    def update(self, observable, handlers):
        added, gone = handlers
        for one in added:
            print("inserted", toHexString(one.atr))
            self.inserted.set()
        for one in gone:
            print("removed", toHexString(one.atr))
            self.removed.set()


def monitor(pid):
    observer = Observer()
    watch = CardMonitor()
    watch.addObserver(observer)
    seen = observer.inserted.wait(LIMIT)
    os.kill(pid, signal.SIGTERM)
    seen = observer.removed.wait(LIMIT) and seen
    watch.deleteObserver(observer)
    print("seen" if seen else "not seen")


card() if sys.argv[1] == "card" else monitor(int(sys.argv[2]))
