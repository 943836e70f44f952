/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading one manifest: what is taken from it, and every way in which it can be wrong. */
#include <glib.h>
#include <objbase.h>
#include <string.h>

#include "runtime/manifest.h"
#include "tests/suite.h"

#define COMPONENT "[Component]\nModule=m.so\n"
#define ID_1 "{11111111-0000-4000-8000-000000000001}"
#define ID_2 "{22222222-0000-4000-8000-00000000000a}"
#define CLASS_1 "[Class " ID_1 "]\nName=One\n"

static struct manifest *
parse(const char *text)
{
	g_autofree char *problem = NULL;
	struct manifest *manifest = manifest_parse(text, strlen(text), &problem);

	SUITE_EQUAL_STRING(problem, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(manifest);
	return manifest;
}

static void
has_descriptions(const struct manifest *m, const GUID *catid)
{
	const struct manifest_category *category;
	const struct manifest_description *any, *german;

	SUITE_EQUAL_INT(m->categories->len, 1);
	category = g_ptr_array_index(m->categories, 0);
	CU_ASSERT(IsEqualGUID(&category->catid, catid));
	SUITE_EQUAL_INT(category->descriptions->len, 2);
	any = g_ptr_array_index(category->descriptions, 0);
	german = g_ptr_array_index(category->descriptions, 1);
	SUITE_EQUAL_STRING(any->text, "Cats");
	SUITE_EQUAL_INT(any->lcid, 0);
	SUITE_EQUAL_STRING(german->text, "Katzen");
	SUITE_EQUAL_INT(german->lcid, 0x407);
}

static void
everything(void)
{
	static const GUID one = { 0x11111111, 0, 0x4000, { 0x80, 0, 0, 0, 0, 0, 0, 0x01 } };
	static const GUID two = { 0x22222222, 0, 0x4000, { 0x80, 0, 0, 0, 0, 0, 0, 0x0A } };
	struct manifest *m = parse("# a comment\n"
				   "[Component]\nModule=sub/m.so\nResident=true\nPriority=-3\n\n"
				   "[Class " ID_1 "]\n"
				   "Name=One\nName[de]=Eins\nDescription=The first; it is\n"
				   "ProgID=Vendor.One.1\nVersionIndependentProgID=Vendor.One\n"
				   "ThreadingModel=Both\nInterfaces=" ID_2 ";" ID_1 ";\n"
				   "Categories=" ID_1 "\nImplementedCategories=" ID_2 "\n"
				   "RequiredCategories=" ID_1 "\n"
				   "TreatAs=" ID_2 "\nAutoTreatAs=" ID_1 "\nLater=yes\n\n"
				   "[Interface " ID_2 "]\nName=ITwo\nBaseInterface=" ID_1 "\n"
				   "NumMethods=7\nTypeLibrary=two.typelib\n"
				   "[Category " ID_1 "]\nDescription=Cats\n"
				   "Description[407]=Katzen\n[Later]\nkey=value\n");
	const struct manifest_class *c;
	const struct manifest_interface *i;

	SUITE_EQUAL_STRING(m->module, "sub/m.so");
	CU_ASSERT(m->resident);
	SUITE_EQUAL_INT(m->priority, -3);
	SUITE_EQUAL_INT(m->classes->len, 1);
	c = g_ptr_array_index(m->classes, 0);
	CU_ASSERT(IsEqualGUID(&c->clsid, &one));
	SUITE_EQUAL_STRING(c->name, "One");
	SUITE_EQUAL_STRING(c->description, "The first; it is");
	SUITE_EQUAL_STRING(c->progid, "Vendor.One.1");
	SUITE_EQUAL_STRING(c->vi_progid, "Vendor.One");
	SUITE_EQUAL_STRING(c->threading_model, "Both");
	SUITE_EQUAL_INT(c->interfaces->len, 2);
	CU_ASSERT(IsEqualGUID(&g_array_index(c->interfaces, GUID, 0), &two));
	CU_ASSERT(IsEqualGUID(&g_array_index(c->interfaces, GUID, 1), &one));
	SUITE_EQUAL_INT(c->categories->len, 2);
	CU_ASSERT(IsEqualGUID(&g_array_index(c->categories, GUID, 1), &two));
	SUITE_EQUAL_INT(c->required_categories->len, 1);
	CU_ASSERT(IsEqualGUID(&c->treat_as, &two));
	CU_ASSERT(IsEqualGUID(&c->auto_treat_as, &one));
	SUITE_EQUAL_INT(m->interfaces->len, 1);
	i = g_ptr_array_index(m->interfaces, 0);
	CU_ASSERT(IsEqualGUID(&i->iid, &two));
	SUITE_EQUAL_STRING(i->name, "ITwo");
	CU_ASSERT(IsEqualGUID(&i->base, &one));
	SUITE_EQUAL_INT(i->methods, 7);
	SUITE_EQUAL_STRING(i->type_library, "two.typelib");
	SUITE_EQUAL_INT(m->overrides->len, 0);
	has_descriptions(m, &one);
	manifest_free(m);
}

static void
overlay(void)
{
	struct manifest *m =
	    parse("[Override " ID_1 "]\nTreatAs=" ID_2 "\nImplementedCategories=" ID_2 "\n"
		  "[Override " ID_2 "]\nTreatAs={00000000-0000-0000-0000-000000000000}\n"
		  "RequiredCategories=" ID_1 ";" ID_2 "\n"
		  "[Override {33333333-0000-4000-8000-000000000001}]\n[Category " ID_1 "]\n");
	const struct manifest_override *o;

	SUITE_EQUAL_STRING(m->module, NULL);
	SUITE_EQUAL_INT(m->overrides->len, 3);
	SUITE_EQUAL_INT(m->categories->len, 1);
	o = g_ptr_array_index(m->overrides, 0);
	CU_ASSERT(o->has_treat_as && o->treat_as.Data1 == 0x22222222);
	SUITE_EQUAL_INT(o->categories->len, 1);
	SUITE_EQUAL_INT(o->required_categories->len, 0);
	o = g_ptr_array_index(m->overrides, 1);
	CU_ASSERT(o->has_treat_as && IsEqualGUID(&o->treat_as, &GUID_NULL));
	SUITE_EQUAL_INT(o->required_categories->len, 2);
	o = g_ptr_array_index(m->overrides, 2);
	CU_ASSERT(!o->has_treat_as);
	manifest_free(m);
}

static void
only_what_must_be(void)
{
	struct manifest *m = parse(COMPONENT CLASS_1);
	const struct manifest_class *c = g_ptr_array_index(m->classes, 0);

	CU_ASSERT(!m->resident);
	SUITE_EQUAL_INT(m->priority, 0);
	CU_ASSERT_PTR_NULL(c->description);
	CU_ASSERT_PTR_NULL(c->progid);
	CU_ASSERT_PTR_NULL(c->vi_progid);
	CU_ASSERT_PTR_NULL(c->threading_model);
	SUITE_EQUAL_INT(c->interfaces->len, 0);
	SUITE_EQUAL_INT(c->categories->len, 0);
	CU_ASSERT(IsEqualGUID(&c->treat_as, &GUID_NULL));
	manifest_free(m);
	manifest_free(parse(COMPONENT));
	manifest_free(NULL);
}

static const struct {
	const char *what, *text, *problem;
} bad[] = {
	{ "no group at all", "hello\n", "line 1" },
	{ "a key before any group", "Module=m.so\n[Component]\n", "line 1" },
	{ "a line that is nothing", COMPONENT "what is this\n" CLASS_1, "line 3" },
	{ "an unclosed group", "[Component\nModule=m.so\n", "line 1" },
	{ "text after a group", COMPONENT "[Class " ID_1 "] x\nName=One\n", "line 3" },
	{ "an empty key", COMPONENT "=value\n", "line 3" },
	{ "an ELF file", "\177ELF\2\1\1", "line 1" },
	{ "an XML file", "<?xml version=\"1.0\"?>\n<a/>\n", "line 1" },
	{ "bytes that are not UTF-8", COMPONENT CLASS_1 "Description=\xC3\x28\n", "line 5" },
	{ "a name that is not UTF-8", COMPONENT "[Class " ID_1 "]\nName=\xFF\n", "line 4" },
	{ "no component group", CLASS_1, "no group [Component]" },
	{ "no module", "[Component]\nResident=true\n" CLASS_1, "line 1: [Component]: Module=" },
	{ "an empty module", "[Component]\nModule=\n" CLASS_1, "Module= is missing or empty" },
	{ "a folder as module", "[Component]\nModule=lib/\n" CLASS_1,
	    "line 2: [Component] Module" },
	{ "Resident neither true nor false", COMPONENT "Resident=maybe\n", "line 3" },
	{ "Priority not a number", COMPONENT "Priority=high\n", "line 3: [Component] Priority" },
	{ "Priority too large", COMPONENT "Priority=99999999999\n",
	    "line 3: [Component] Priority" },
	{ "a class without identifier", COMPONENT "[Class ]\nName=One\n", "line 3: [Class ]" },
	{ "a class with half an identifier", COMPONENT "[Class {1111}]\nName=One\n", "line 3" },
	{ "a class identifier without braces",
	    COMPONENT "[Class 11111111-0000-4000-8000-000000000001]\nName=One\n", "line 3" },
	{ "something behind the identifier", COMPONENT "[Class " ID_1 "x]\nName=One\n", "line 3" },
	{ "a class without name", COMPONENT "[Class " ID_1 "]\nProgID=A.B.1\n",
	    "line 3: [Class " ID_1 "]: Name= is missing" },
	{ "a class twice",
	    COMPONENT "[Class " ID_2 "]\nName=One\n"
		      "[Class {22222222-0000-4000-8000-00000000000A}]\nName=Two\n",
	    "{22222222-0000-4000-8000-00000000000A} is described twice" },
	{ "an interface identifier that is none",
	    COMPONENT CLASS_1 "Interfaces=" ID_2 ";nonsense;\n",
	    "line 5: [Class " ID_1 "] Interfaces: item 2, \"nonsense\"" },
	{ "a category that is none", COMPONENT CLASS_1 "Categories={}\n", "Categories: item 1" },
	{ "TreatAs that is none", COMPONENT CLASS_1 "TreatAs=One\n",
	    "line 5: [Class " ID_1 "] TreatAs" },
	{ "a ProgID with a space", COMPONENT CLASS_1 "ProgID=A B\n",
	    "line 5: [Class " ID_1 "] ProgID" },
	{ "a ProgID that begins with a digit", COMPONENT CLASS_1 "ProgID=1.A\n",
	    "must begin with a letter" },
	{ "a ProgID of 40 characters",
	    COMPONENT CLASS_1 "ProgID=A23456789.123456789.123456789.1234567890\n",
	    "longer than 39 bytes" },
	{ "a control character", COMPONENT CLASS_1 "Description=a\\tb\n", "control character" },
	{ "an unknown escape", COMPONENT CLASS_1 "Description=a\\qb\n", "line 5" },
	{ "an interface without name", COMPONENT "[Interface " ID_1 "]\nX=y\n",
	    "Name= is missing" },
	{ "an interface twice",
	    COMPONENT "[Interface {22222222-0000-4000-8000-00000000000a}]\nName=I\n"
		      "[Interface {22222222-0000-4000-8000-00000000000A}]\nName=J\n",
	    "interface {22222222-0000-4000-8000-00000000000A} is described twice" },
	{ "a number of methods that is none",
	    COMPONENT "[Interface " ID_1 "]\nName=I\nNumMethods=many\n",
	    "line 5: [Interface " ID_1 "] NumMethods: must be a whole number" },
	{ "more methods than a table has",
	    COMPONENT "[Interface " ID_1 "]\nName=I\nNumMethods=65536\n",
	    "must be from 0 to 65535" },
	{ "a base interface that is none",
	    COMPONENT "[Interface " ID_1 "]\nName=I\nBaseInterface=IUnknown\n", "line 5" },
	{ "a folder as type library", COMPONENT "[Interface " ID_1 "]\nName=I\nTypeLibrary=here/\n",
	    "line 5: [Interface " ID_1 "] TypeLibrary: \"here/\" names a folder" },
	{ "AutoTreatAs that is none", COMPONENT CLASS_1 "AutoTreatAs=One\n",
	    "line 5: [Class " ID_1 "] AutoTreatAs" },
	{ "a required category that is none", COMPONENT CLASS_1 "RequiredCategories=x\n",
	    "RequiredCategories: item 1" },
	{ "an override beside a module", COMPONENT "[Override " ID_1 "]\n",
	    "[Override] belongs into local.component" },
	{ "an override without identifier", "[Override One]\n", "line 1: [Override One]" },
	{ "an override twice",
	    "[Override {22222222-0000-4000-8000-00000000000a}]\n"
	    "[Override {22222222-0000-4000-8000-00000000000A}]\n",
	    "the override of class {22222222-0000-4000-8000-00000000000A} is described twice" },
	{ "TreatAs of an override that is none", "[Override " ID_1 "]\nTreatAs=x\n", "line 2" },
	{ "a class in an overlay", "[Override " ID_2 "]\n" CLASS_1, "no group [Component]" },
	{ "a category without identifier", COMPONENT "[Category cats]\n", "line 3" },
	{ "a category twice",
	    COMPONENT "[Category {22222222-0000-4000-8000-00000000000a}]\n"
		      "[Category {22222222-0000-4000-8000-00000000000A}]\n",
	    "category {22222222-0000-4000-8000-00000000000A} is described twice" },
	{ "a language that is no LCID", COMPONENT "[Category " ID_1 "]\nDescription[en]=x\n",
	    "line 4: [Category " ID_1 "] Description[en]" },
	{ "an interface without identifier", COMPONENT "[Interface IOne]\nName=IOne\n",
	    "line 3: [Interface IOne]" },
};

static void
is_refused(const char *what, const char *data, size_t size, const char *expected)
{
	g_autofree char *problem = NULL;
	struct manifest *manifest = manifest_parse(data, size, &problem);
	g_autofree char *message = g_strdup_printf("%s: problem \"%.500s\" lacks \"%s\"", what,
	    problem != NULL ? problem : "(none)", expected);

	CU_ASSERT_PTR_NULL(manifest);
	CU_assertImplementation(problem != NULL && strstr(problem, expected) != NULL, __LINE__,
	    message, __FILE__, "", CU_FALSE);
	if (problem != NULL)
		CU_ASSERT(g_utf8_validate(problem, -1, NULL) && strchr(problem, '\n') == NULL);
	manifest_free(manifest);
}

static void
garbage(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		is_refused(bad[i].what, bad[i].text, strlen(bad[i].text), bad[i].problem);
	is_refused("a NUL byte", COMPONENT "a=\0b\n", sizeof COMPONENT "a=\0b\n" - 1, "NUL byte");
}

static GString *
with_classes(unsigned count)
{
	GString *text = g_string_new(COMPONENT);

	for (unsigned i = 0; i < count; i++)
		g_string_append_printf(
		    text, "[Class {%08x-0000-4000-8000-000000000001}]\nName=C\n", i);
	return text;
}

static GString *
with_interfaces(unsigned count)
{
	GString *text = g_string_new(COMPONENT CLASS_1 "Interfaces=");

	for (unsigned i = 0; i < count; i++)
		g_string_append(text, ID_1 ";");
	g_string_append_c(text, '\n');
	return text;
}

static void
limit(GString *text, const char *expected)
{
	if (expected != NULL)
		is_refused("limit", text->str, text->len, expected);
	else
		manifest_free(parse(text->str));
	g_string_free(text, TRUE);
}

static void
limits(void)
{
	GString *text;
	g_autofree char *name = g_strnfill(256, 'n');
	g_autofree char *description = g_strnfill(4097, 'd');

	limit(with_classes(4096), NULL);
	limit(with_classes(4097), "more than 4096 classes");
	limit(with_interfaces(1024), NULL);
	limit(with_interfaces(1025), "more than 1024 identifiers");
	text = g_string_new(NULL);
	g_string_printf(text, COMPONENT "[Class " ID_1 "]\nName=%s\n", name + 1);
	limit(text, NULL);
	text = g_string_new(NULL);
	g_string_printf(text, COMPONENT "[Class " ID_1 "]\nName=%s\n", name);
	limit(text, "longer than 255 bytes");
	text = g_string_new(NULL);
	g_string_printf(text, COMPONENT CLASS_1 "Description=%s\n", description);
	limit(text, "longer than 4096 bytes");
	text = g_string_new(COMPONENT "#");
	while (text->len < MANIFEST_SIZE_MAX)
		g_string_append_c(text, 'x');
	manifest_free(parse(text->str));
	g_string_append_c(text, 'x');
	limit(text, "larger than 262144 bytes");
}

static const struct suite_test tests[] = {
	{ "an overlay", overlay },
	{ "everything that a manifest can say", everything },
	{ "only what it must say", only_what_must_be },
	{ "garbage of all kinds", garbage },
	{ "limits", limits },
};

int
main(void)
{
	return suite_run("manifest", tests, sizeof tests / sizeof tests[0]);
}
