# SPDX-License-Identifier: BSD-2-Clause
# A reader without a card.

[Reader]
Name=Tessera Soft Card
Present=false
