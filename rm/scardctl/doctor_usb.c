/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl doctor: readers on USB, whether this machine's programs can have them, and who has them.
 * A reader is an interface of the class of smart card devices, or one that a kernel driver for
 * contactless cards has taken.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rm/scardctl/doctor.h"

#define CLASS_SMART_CARD "0b"
#define USER_DRIVER "usbfs" /* a program's, by libusb */
#define GROUPS_MAX 64

struct device {
	char *interface; /* "1-2:1.0" */
	char *folder;    /* of the device */
	char *driver;    /* that has the interface; NULL: none */
	char *node;      /* "/dev/bus/usb/001/002" */
	char *title;     /* for people */
};

/* What stands in a file of a device, without its newline; NULL: nothing. (transfer full) */
static char *
read_value(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	return g_strstrip(text);
}

static bool
is_contactless_driver(const char *driver)
{
	return driver != NULL &&
	    (strcmp(driver, "pn533_usb") == 0 || strcmp(driver, "pn533") == 0 ||
		strcmp(driver, "port100") == 0);
}

/* "ACME Reader (1234:5678)". (transfer full) */
static char *
make_title(const char *folder)
{
	g_autofree char *maker = read_value(folder, "manufacturer");
	g_autofree char *product = read_value(folder, "product");
	g_autofree char *vendor = read_value(folder, "idVendor"),
			*id = read_value(folder, "idProduct");

	return g_strdup_printf("%s%s%s (%s:%s)", maker != NULL ? maker : "",
	    maker != NULL ? " " : "", product != NULL ? product : "USB reader",
	    vendor != NULL ? vendor : "?", id != NULL ? id : "?");
}

static void
device_clear(struct device *device)
{
	g_free(device->interface);
	g_free(device->folder);
	g_free(device->driver);
	g_free(device->node);
	g_free(device->title);
}

/* Whether an interface is one of a reader; then *device is filled. */
static bool
is_reader(const char *devices, const char *name, struct device *device)
{
	g_autofree char *interface = g_build_filename(devices, name, NULL);
	g_autofree char *link = g_build_filename(interface, "driver", NULL);
	g_autofree char *class = read_value(interface, "bInterfaceClass");
	g_autofree char *driver = g_file_read_link(link, NULL);
	g_autofree char *base = driver != NULL ? g_path_get_basename(driver) : NULL;
	g_autofree char *bus = NULL, *number = NULL;

	if (class == NULL || (strcmp(class, CLASS_SMART_CARD) != 0 && !is_contactless_driver(base)))
		return false;
	*device = (struct device){ .interface = g_strdup(name), .driver = g_steal_pointer(&base) };
	device->folder = g_strdup_printf("%s/%.*s", devices, (int)strcspn(name, ":"), name);
	bus = read_value(device->folder, "busnum");
	number = read_value(device->folder, "devnum");
	device->node = g_strdup_printf("/dev/bus/usb/%03u/%03u",
	    bus != NULL ? (unsigned)strtoul(bus, NULL, 10) : 0,
	    number != NULL ? (unsigned)strtoul(number, NULL, 10) : 0);
	device->title = make_title(device->folder);
	return true;
}

/* As far as the mode of the node tells; lists of rights beside it cannot be seen from here. */
static bool
user_may(const struct passwd *user, const struct stat *status)
{
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX;
	mode_t wanted = S_IROTH | S_IWOTH;

	if (user->pw_uid == 0)
		return true;
	if (getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0)
		count = GROUPS_MAX;
	if (status->st_uid == user->pw_uid)
		wanted = S_IRUSR | S_IWUSR;
	else
		for (int i = 0; i < count; i++)
			if (groups[i] == status->st_gid)
				wanted = S_IRGRP | S_IWGRP;
	return (status->st_mode & wanted) == wanted;
}

static void
examine_node(struct doctor *doctor, const struct device *device)
{
	g_autofree char *path = doctor_path(doctor, device->node);
	const struct passwd *user = doctor->system ? getpwnam("scardd") : NULL;
	struct stat status;

	if (stat(path, &status) != 0) {
		doctor_note(doctor, DOCTOR_ERROR, "usb-node", device->title,
		    "see whether udev runs, and in a container whether /dev/bus/usb is passed in",
		    "%s is not there: %s", device->node, strerror(errno));
		return;
	}
	if (user != NULL ? user_may(user, &status) : access(path, R_OK | W_OK) == 0)
		return;
	doctor_note(doctor, DOCTOR_ERROR, "usb-permission", device->title,
	    "see whether the udev rule of the reader driver is installed, then unplug the reader "
	    "and "
	    "plug it in again",
	    "%s may not be read and written by %s: mode %04o, user %u, group %u", device->node,
	    user != NULL ? "the user scardd" : "this user", (unsigned)(status.st_mode & 07777),
	    (unsigned)status.st_uid, (unsigned)status.st_gid);
}

/* Programs other than scardd that have the device open. True: somebody is seen who has it. */
static bool
examine_holders(struct doctor *doctor, const struct device *device)
{
	g_autoptr(GPtrArray) holders = doctor_who_has(doctor, device->node);
	g_autofree char *text = NULL;
	bool held = holders->len > 0;

	for (guint i = holders->len; i > 0; i--)
		if (strcmp(((struct doctor_process *)holders->pdata[i - 1])->name, "scardd") == 0)
			g_ptr_array_remove_index(holders, i - 1);
	if (holders->len == 0)
		return held;
	text = doctor_process_text(holders);
	doctor_note(doctor, DOCTOR_ERROR, "usb-held", device->title,
	    "end that program, or have it use PC/SC (of GnuPG: disable-ccid in scdaemon.conf)",
	    "%s has the reader open, which only one program can have", text);
	return true;
}

static void
examine_device(struct doctor *doctor, const struct device *device)
{
	g_autofree char *next = NULL;

	if (device->driver != NULL && strcmp(device->driver, USER_DRIVER) != 0) {
		next = g_strdup_printf("echo %s > /sys/bus/usb/drivers/%s/unbind as root, and "
				       "`blacklist %s` in a file of /etc/modprobe.d for good",
		    device->interface, device->driver, device->driver);
		doctor_note(doctor, DOCTOR_ERROR, "usb-kernel", device->title, next,
		    "the kernel driver %s has the reader (interface %s)", device->driver,
		    device->interface);
	}
	examine_node(doctor, device);
	if (examine_holders(doctor, device))
		return;
	if (device->driver != NULL && strcmp(device->driver, USER_DRIVER) == 0)
		doctor_note(doctor, DOCTOR_WARNING, "usb-held-unseen", device->title,
		    "sudo scardctl doctor tells which it is",
		    "a program of another user has the reader, which may be scardd");
	else if (device->driver == NULL)
		doctor_note(doctor, DOCTOR_WARNING, "usb-unserved", device->title,
		    "have scardd run a driver for it: Drivers=ccid; in scardd.conf(5)",
		    "no program and no driver has the reader");
}

void
doctor_examine_usb(struct doctor *doctor)
{
	g_autofree char *devices = doctor_path(doctor, "/sys/bus/usb/devices");
	g_autoptr(GDir) folder = g_dir_open(devices, 0, NULL);
	struct device device;
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
		if (strchr(name, ':') != NULL && is_reader(devices, name, &device)) {
			examine_device(doctor, &device);
			device_clear(&device);
		}
}
