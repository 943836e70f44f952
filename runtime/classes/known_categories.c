/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/classes/known_categories.h"

#include <comcat.h>
#include <scardreader.h>
#include <scardssp.h>

const struct known_category known_categories[] = {
	{ &CATID_Insertable, "Objects that can be inserted into a document" },
	{ &CATID_Control, "Controls" },
	{ &CATID_Programmable, "Objects that scripts can drive" },
	{ &CATID_IsShortcut, "Shortcuts" },
	{ &CATID_NeverShowExt, "Files whose extension is never shown" },
	{ &CATID_DocObject, "Documents that edit themselves" },
	{ &CATID_Printable, "Objects that can be printed" },
	{ &CATID_RequiresDataPathHost, "Objects that need a host for their data paths" },
	{ &CATID_PersistsToMoniker, "Objects that load and save through a moniker" },
	{ &CATID_PersistsToStorage, "Objects that load and save in a storage" },
	{ &CATID_PersistsToStreamInit, "Objects that load and save in a stream, or start anew" },
	{ &CATID_PersistsToStream, "Objects that load and save in a stream" },
	{ &CATID_PersistsToMemory, "Objects that load and save in memory" },
	{ &CATID_PersistsToFile, "Objects that load and save in a file" },
	{ &CATID_PersistsToPropertyBag, "Objects that load and save in a property bag" },
	{ &CATID_SafeForScripting, "Objects that untrusted scripts may drive" },
	{ &CATID_SafeForInitializing, "Objects that may be given untrusted data" },
	{ &CATID_SCardReaderDriver, "Smart card reader drivers" },
	{ &CATID_SCardServiceProvider, "Smart card service providers" },
	{ &CATID_SCardDialog, "Smart card dialogs" },
};
const size_t known_categories_count = sizeof known_categories / sizeof known_categories[0];
