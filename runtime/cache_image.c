/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/cache_image.h"

#include <string.h>

#define BUCKETS_MIN 16u

/* An entry with what decides about its place. */
struct draft {
	struct cache_entry entry;
	int priority;
	unsigned bucket;
};

struct cache_image {
	GArray *files;   /* of struct cache_file */
	GArray *entries; /* of struct draft */
	GByteArray *text;
	unsigned classes, overlay;
};

struct cache_image *
cache_image_new(void)
{
	struct cache_image *image = g_new0(struct cache_image, 1);

	image->files = g_array_new(FALSE, TRUE, sizeof(struct cache_file));
	image->entries = g_array_new(FALSE, TRUE, sizeof(struct draft));
	image->text = g_byte_array_new();
	return image;
}

void
cache_image_free(struct cache_image *image)
{
	g_array_unref(image->files);
	g_array_unref(image->entries);
	g_byte_array_unref(image->text);
	g_free(image);
}

static void
add_text(struct cache_image *image, const char *text)
{
	const char *bytes = text != NULL ? text : "";

	g_byte_array_append(image->text, (const guint8 *)bytes, (guint)strlen(bytes) + 1);
}

static void
add_entry(struct cache_image *image, const struct cache_entry *entry, int priority,
    const char *name, const char *threading_model, const char *progid)
{
	struct draft draft = { .entry = *entry, .priority = priority };

	draft.entry.file = image->files->len;
	draft.entry.text = image->text->len;
	add_text(image, name);
	add_text(image, threading_model);
	add_text(image, progid);
	draft.entry.text_size = image->text->len - draft.entry.text;
	g_array_append_val(image->entries, draft);
}

static void
add_progid(struct cache_image *image, enum cache_kind kind, const char *text,
    const struct manifest_class *class, int priority)
{
	struct cache_entry entry = { .target = class->clsid, .kind = kind };

	if (text == NULL)
		return;
	entry.guid = cache_progid_key(text);
	add_entry(image, &entry, priority, text, NULL, class->progid);
}

static void
add_entries(struct cache_image *image, const struct manifest *manifest)
{
	for (guint i = 0; i < manifest->classes->len; i++) {
		const struct manifest_class *class = g_ptr_array_index(manifest->classes, i);
		struct cache_entry entry = {
			.guid = class->clsid,
			.target = class->treat_as,
			.kind = CACHE_CLASS,
		};

		add_entry(image, &entry, manifest->priority, class->name, class->threading_model,
		    class->progid);
		add_progid(image, CACHE_PROGID, class->progid, class, manifest->priority);
		add_progid(
		    image, CACHE_VERSION_INDEPENDENT, class->vi_progid, class, manifest->priority);
		image->classes++;
	}
	for (guint i = 0; i < manifest->overrides->len; i++) {
		const struct manifest_override *override =
		    g_ptr_array_index(manifest->overrides, i);
		struct cache_entry entry = {
			.guid = override->clsid,
			.target = override->treat_as,
			.kind = CACHE_TREAT_AS,
		};

		if (override->has_treat_as)
			add_entry(image, &entry, 0, NULL, NULL, NULL);
	}
}

/* Whether a file can be opened depends on who tries. */
static bool
is_unreadable(const struct stat *status, const struct manifest_file *file)
{
	return S_ISREG(status->st_mode) && file->state == REGISTRY_BROKEN &&
	    g_str_has_prefix(file->reason, "cannot ");
}

void
cache_image_add(struct cache_image *image, const char *name, const struct stat *status,
    const struct manifest_file *file)
{
	struct cache_file record = { .state = file->state };

	cache_stamp_set(&record.stamp, status);
	record.unreadable = is_unreadable(status, file);
	record.text = image->text->len;
	add_text(image, name);
	add_text(image, file->manifest != NULL ? file->manifest->module : NULL);
	add_text(image, file->reason);
	record.text_size = image->text->len - record.text;
	if (file->manifest != NULL) {
		record.resident = file->manifest->resident;
		record.priority = file->manifest->priority;
		add_entries(image, file->manifest);
	}
	if (strcmp(name, MANIFEST_OVERLAY_NAME) == 0)
		image->overlay = image->files->len + 1;
	g_array_append_val(image->files, record);
}

unsigned
cache_image_classes(const struct cache_image *image)
{
	return image->classes;
}

/* By bucket, class, priority, name of the file. */
static int
compare_drafts(const void *a, const void *b)
{
	const struct draft *left = a, *right = b;
	int order;

	if (left->bucket != right->bucket)
		return left->bucket < right->bucket ? -1 : 1;
	order = memcmp(&left->entry.guid, &right->entry.guid, sizeof(GUID));
	if (order != 0)
		return order;
	if (left->priority != right->priority)
		return left->priority > right->priority ? -1 : 1;
	return left->entry.file < right->entry.file ? -1 : left->entry.file > right->entry.file;
}

static unsigned
count_buckets(unsigned entries)
{
	unsigned buckets = BUCKETS_MIN;

	while (buckets < entries)
		buckets *= 2;
	return buckets;
}

static void
write_files(const struct cache_image *image, GByteArray *out)
{
	for (guint i = 0; i < image->files->len; i++) {
		struct cache_file *file = &g_array_index(image->files, struct cache_file, i);

		file->check = cache_check(cache_check(i, file, offsetof(struct cache_file, check)),
		    image->text->data + file->text, file->text_size);
		g_byte_array_append(out, (const guint8 *)file, sizeof *file);
	}
}

static void
write_buckets(const struct cache_image *image, unsigned buckets, GByteArray *out)
{
	unsigned next = 0;

	for (unsigned i = 0; i < buckets; i++) {
		struct cache_bucket bucket = { .first = next };

		while (next < image->entries->len &&
		    g_array_index(image->entries, struct draft, next).bucket == i)
			next++;
		bucket.count = next - bucket.first;
		bucket.check = cache_check(i, &bucket, offsetof(struct cache_bucket, check));
		g_byte_array_append(out, (const guint8 *)&bucket, sizeof bucket);
	}
}

static void
write_entries(const struct cache_image *image, GByteArray *out)
{
	for (guint i = 0; i < image->entries->len; i++) {
		struct cache_entry *entry = &g_array_index(image->entries, struct draft, i).entry;

		entry->text_check =
		    cache_check(0, image->text->data + entry->text, entry->text_size);
		entry->check = cache_check(i, entry, offsetof(struct cache_entry, check));
		g_byte_array_append(out, (const guint8 *)entry, sizeof *entry);
	}
}

GByteArray *
cache_image_finish(
    struct cache_image *image, const struct stat *folder, const struct timespec *snapshot)
{
	struct cache_header header = { .magic = CACHE_MAGIC };
	unsigned buckets = count_buckets(image->entries->len);
	GByteArray *out;

	header.byte_order = CACHE_BYTE_ORDER;
	header.header_size = sizeof header;
	header.files = image->files->len;
	header.buckets = buckets;
	header.entries = image->entries->len;
	header.overlay = image->overlay;
	header.text_size = image->text->len;
	header.snapshot = snapshot->tv_sec;
	header.snapshot_ns = (uint32_t)snapshot->tv_nsec;
	header.size = sizeof header + header.files * sizeof(struct cache_file) +
	    buckets * sizeof(struct cache_bucket) +
	    (uint64_t)header.entries * sizeof(struct cache_entry) + header.text_size;
	if (header.size > CACHE_SIZE_MAX || header.entries > CACHE_ENTRIES_MAX)
		return NULL;
	cache_stamp_set(&header.folder, folder);
	header.check = cache_check(0, &header, offsetof(struct cache_header, check));
	for (guint i = 0; i < image->entries->len; i++) {
		struct draft *draft = &g_array_index(image->entries, struct draft, i);

		draft->bucket = (unsigned)(cache_hash(&draft->entry.guid) & (buckets - 1));
	}
	g_array_sort(image->entries, compare_drafts);
	out = g_byte_array_sized_new((guint)header.size);
	g_byte_array_append(out, (const guint8 *)&header, sizeof header);
	write_files(image, out);
	write_buckets(image, buckets, out);
	write_entries(image, out);
	g_byte_array_append(out, image->text->data, image->text->len);
	return out;
}
