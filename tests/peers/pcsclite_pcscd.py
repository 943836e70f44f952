# SPDX-License-Identifier: BSD-2-Clause
"""Becomes Debian's pcscd with two virtual readers, a socket and a configuration of its own, beside whatever
runs already: pcsclite_pcscd.py FOLDER NOTICE. The socket is FOLDER/pcscd.comm and there when the readers'
port is written to NOTICE; pcscd gets it as from systemd, so that a client can wait for it from the beginning."""

import os
import socket
import sys

HANDLER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"


def free_port():
    """One whose next is free too: each reader takes one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


folder, notice = os.path.abspath(sys.argv[1]), sys.argv[2]
port = free_port()
os.makedirs(folder + "/readers")
with open(folder + "/readers/vpcd", "w") as conf:
    conf.write(f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{port}\nLIBPATH {HANDLER}\nCHANNELID {port}\n')
listener = socket.socket(socket.AF_UNIX)
listener.bind(folder + "/pcscd.comm")
listener.listen()
with open(notice, "w") as told:
    told.write(f"{port}\n")
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.execv("/usr/sbin/pcscd", ["pcscd", "--foreground", "--config", folder + "/readers"])
