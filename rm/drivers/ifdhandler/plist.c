/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/plist.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

enum key {
	KEY_OTHER,
	KEY_EXECUTABLE,
	KEY_CAPABILITIES,
	KEY_OPTIONS,
	KEY_VENDORS,
	KEY_PRODUCTS,
	KEY_NAMES,
	KEYS
};

static const char *const key_names[KEYS] = {
	[KEY_EXECUTABLE] = "CFBundleExecutable",
	[KEY_CAPABILITIES] = "ifdCapabilities",
	[KEY_OPTIONS] = "ifdDriverOptions",
	[KEY_VENDORS] = "ifdVendorID",
	[KEY_PRODUCTS] = "ifdProductID",
	[KEY_NAMES] = "ifdFriendlyName",
};

/* plist, dict, key or string; and one more where a key's value is an array. */
enum {
	DEPTH_DICT = 2,
	DEPTH_VALUE = 3,
	DEPTH_ITEM = 4
};

struct parser {
	unsigned depth;
	bool dict_seen, in_array;
	enum key key;     /* whose value comes next */
	bool key_pending; /* a key has come, its value has not */
	bool collecting;
	GString *text;
	GPtrArray *values[KEYS];
};

static void
fail(GError **error, const char *what, const char *element)
{
	g_set_error(
	    error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "%s <%.32s>", what, element);
}

/* The frame around keys and values. */
static void
check_frame(struct parser *p, const char *element, GError **error)
{
	if (p->depth == 1 && strcmp(element, "plist") != 0)
		fail(error, "<plist> is expected, not", element);
	if (p->depth != DEPTH_DICT)
		return;
	if (strcmp(element, "dict") != 0 || p->dict_seen)
		fail(error, "one <dict> is expected, not", element);
	p->dict_seen = true;
}

static void
start(GMarkupParseContext *context, const char *element, const char **names, const char **values,
    gpointer data, GError **error)
{
	struct parser *p = data;
	bool string = strcmp(element, "string") == 0;

	(void)context, (void)names, (void)values;
	if (p->collecting) {
		fail(error, "text is expected, not", element);
		return;
	}
	if (++p->depth > IFD_PLIST_DEPTH_MAX) {
		fail(error, "too deep:", element);
		return;
	}
	check_frame(p, element, error);
	if (*error != NULL)
		return;
	if (p->depth == DEPTH_VALUE) {
		bool key = strcmp(element, "key") == 0;

		if (key == p->key_pending) {
			fail(error, "keys and values take turns; it is not the turn of", element);
			return;
		}
		p->in_array = !key && strcmp(element, "array") == 0;
		p->collecting = key || (string && p->key != KEY_OTHER);
		if (!key && p->key != KEY_OTHER && !string && !p->in_array) {
			fail(error, "a text or an array of them is expected, not", element);
			return;
		}
	} else if (p->depth == DEPTH_ITEM && p->in_array && p->key != KEY_OTHER) {
		if (!string) {
			fail(error, "a text is expected in the array, not", element);
			return;
		}
		p->collecting = true;
	}
	g_string_truncate(p->text, 0);
}

static void
take_key(struct parser *p, GError **error)
{
	p->key = KEY_OTHER;
	p->key_pending = true;
	for (enum key k = KEY_EXECUTABLE; k < KEYS; k++)
		if (strcmp(p->text->str, key_names[k]) == 0)
			p->key = k;
	if (p->key == KEY_OTHER)
		return;
	if (p->values[p->key] != NULL) {
		fail(error, "a key comes twice:", key_names[p->key]);
		return;
	}
	p->values[p->key] = g_ptr_array_new_with_free_func(g_free);
}

static void
end(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	struct parser *p = data;
	bool key = p->depth == DEPTH_VALUE && strcmp(element, "key") == 0;

	(void)context;
	if (key) {
		take_key(p, error);
	} else if (p->collecting) {
		if (p->values[p->key]->len == IFD_PLIST_DEVICES_MAX) {
			fail(error, "too many values of", key_names[p->key]);
			return;
		}
		g_ptr_array_add(p->values[p->key], g_strdup(g_strstrip(p->text->str)));
	}
	if (p->depth == DEPTH_VALUE && !key)
		p->key_pending = false;
	if (p->depth == DEPTH_DICT && p->key_pending)
		fail(error, "a key has no value before the end of", element);
	p->collecting = false;
	p->depth--;
}

static void
text(GMarkupParseContext *context, const char *bytes, gsize length, gpointer data, GError **error)
{
	struct parser *p = data;

	if (!p->collecting)
		return;
	if (p->text->len + length >= IFD_PLIST_VALUE_SIZE) {
		fail(error, "a text is too long in", g_markup_parse_context_get_element(context));
		return;
	}
	g_string_append_len(p->text, bytes, (gssize)length);
}

static bool
number(const char *value, uint32_t most, uint32_t *ret)
{
	bool hex = g_str_has_prefix(value, "0x") || g_str_has_prefix(value, "0X");
	guint64 wide;

	if (!g_ascii_string_to_unsigned(
		hex ? value + 2 : value, hex ? 16 : 10, 0, most, &wide, NULL))
		return false;
	*ret = (uint32_t)wide;
	return true;
}

static size_t
count(const struct parser *p, enum key key)
{
	return p->values[key] != NULL ? p->values[key]->len : 0;
}

static const char *
value(const struct parser *p, enum key key, size_t i)
{
	return g_ptr_array_index(p->values[key], i);
}

static const char *
take_devices(const struct parser *p, struct ifd_plist *plist)
{
	size_t n = count(p, KEY_VENDORS);

	if (count(p, KEY_PRODUCTS) != n || count(p, KEY_NAMES) != n)
		return "ifdVendorID, ifdProductID and ifdFriendlyName have different lengths";
	plist->devices = g_new0(struct ifd_device, n);
	for (size_t i = 0; i < n; i++) {
		struct ifd_device *device = &plist->devices[plist->device_count++];
		uint32_t vendor, product;

		if (!number(value(p, KEY_VENDORS, i), UINT16_MAX, &vendor) ||
		    !number(value(p, KEY_PRODUCTS, i), UINT16_MAX, &product))
			return "ifdVendorID or ifdProductID is no number of 16 bits";
		device->vendor = (uint16_t)vendor;
		device->product = (uint16_t)product;
		device->name = g_strdup(value(p, KEY_NAMES, i));
	}
	return NULL;
}

/* Returns what is wrong, or NULL. */
static const char *
take(const struct parser *p, struct ifd_plist *plist)
{
	const char *name;

	if (!p->dict_seen)
		return "there is no <dict>";
	if (count(p, KEY_EXECUTABLE) != 1)
		return "CFBundleExecutable is missing";
	name = value(p, KEY_EXECUTABLE, 0);
	if (name[0] == '\0' || strchr(name, '/') != NULL || strcmp(name, "..") == 0 ||
	    strcmp(name, ".") == 0)
		return "CFBundleExecutable is not the name of a file";
	(void)g_strlcpy(plist->executable, name, sizeof plist->executable);
	if (count(p, KEY_CAPABILITIES) > 0 &&
	    !number(value(p, KEY_CAPABILITIES, 0), UINT32_MAX, &plist->capabilities))
		return "ifdCapabilities is no number";
	if (count(p, KEY_OPTIONS) > 0 &&
	    !number(value(p, KEY_OPTIONS, 0), UINT32_MAX, &plist->options))
		return "ifdDriverOptions is no number";
	return take_devices(p, plist);
}

int
ifd_plist_parse(const char *bytes, size_t length, struct ifd_plist *ret, char *message)
{
	static const GMarkupParser functions = {
		.start_element = start, .end_element = end, .text = text
	};
	struct parser parser = { .text = g_string_new(NULL) };
	struct ifd_plist plist = { .device_count = 0 };
	g_autoptr(GError) error = NULL;
	GMarkupParseContext *context;
	const char *wrong = NULL;

	if (length > IFD_PLIST_SIZE_MAX) {
		wrong = "it is larger than 1 MiB";
	} else {
		context = g_markup_parse_context_new(
		    &functions, G_MARKUP_TREAT_CDATA_AS_TEXT, &parser, NULL);
		if (!g_markup_parse_context_parse(context, bytes, (gssize)length, &error) ||
		    !g_markup_parse_context_end_parse(context, &error))
			wrong = error->message;
		else
			wrong = take(&parser, &plist);
		g_markup_parse_context_free(context);
	}
	(void)g_string_free(parser.text, TRUE);
	for (size_t i = 0; i < KEYS; i++)
		if (parser.values[i] != NULL)
			g_ptr_array_unref(parser.values[i]);
	if (wrong != NULL) {
		(void)snprintf(message, IFD_PLIST_MESSAGE_SIZE, "%.200s", wrong);
		ifd_plist_clear(&plist);
		return -EINVAL;
	}
	*ret = plist;
	return 0;
}

void
ifd_plist_clear(struct ifd_plist *plist)
{
	for (size_t i = 0; i < plist->device_count; i++)
		g_free(plist->devices[i].name);
	g_clear_pointer(&plist->devices, g_free);
	plist->device_count = 0;
}

const char *
ifd_plist_name(const struct ifd_plist *plist, const char *device)
{
	unsigned vendor, product;

	if (sscanf(device, "usb:%4x/%4x", &vendor, &product) != 2)
		return NULL;
	for (size_t i = 0; i < plist->device_count; i++)
		if (plist->devices[i].vendor == vendor && plist->devices[i].product == product)
			return plist->devices[i].name;
	return NULL;
}
