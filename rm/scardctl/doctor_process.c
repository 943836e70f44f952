/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl doctor: processes, and what they have open. */
#include <string.h>

#include "rm/scardctl/doctor.h"

#define PROCESSES_MAX 16u /* that a finding names */

static void
free_process(void *data)
{
	struct doctor_process *process = data;

	g_free(process->name);
	g_free(process);
}

/* The name of a process; NULL: it has gone. (transfer full) */
static char *
name_of(const char *proc, const char *pid)
{
	g_autofree char *path = g_build_filename(proc, pid, "comm", NULL);
	char *name = NULL;

	if (!g_file_get_contents(path, &name, NULL, NULL))
		return NULL;
	name[strcspn(name, "\n")] = '\0';
	return name;
}

static bool
has_open(const char *proc, const char *pid, const char *target)
{
	g_autofree char *folder = g_build_filename(proc, pid, "fd", NULL);
	g_autoptr(GDir) fds = g_dir_open(folder, 0, NULL);
	const char *fd;
	bool found = false;

	while (fds != NULL && !found && (fd = g_dir_read_name(fds)) != NULL) {
		g_autofree char *path = g_build_filename(folder, fd, NULL);
		g_autofree char *leads_to = g_file_read_link(path, NULL);

		found = leads_to != NULL && strcmp(leads_to, target) == 0;
	}
	return found;
}

/* Those that have @target open, or with @target NULL those that are called @name. */
static GPtrArray *
search(const struct doctor *doctor, const char *target, const char *name)
{
	g_autofree char *proc = doctor_path(doctor, "/proc");
	g_autoptr(GDir) folder = g_dir_open(proc, 0, NULL);
	GPtrArray *found = g_ptr_array_new_with_free_func(free_process);
	const char *entry;

	while (folder != NULL && found->len < PROCESSES_MAX &&
	    (entry = g_dir_read_name(folder)) != NULL) {
		g_autofree char *called = NULL;
		guint64 pid;

		if (!g_ascii_string_to_unsigned(entry, 10, 1, G_MAXINT, &pid, NULL))
			continue;
		if ((called = name_of(proc, entry)) == NULL)
			continue;
		if (target != NULL ? has_open(proc, entry, target) : strcmp(called, name) == 0) {
			struct doctor_process *process = g_new0(struct doctor_process, 1);

			process->pid = (pid_t)pid;
			process->name = g_steal_pointer(&called);
			g_ptr_array_add(found, process);
		}
	}
	return found;
}

GPtrArray *
doctor_who_has(const struct doctor *doctor, const char *target)
{
	return search(doctor, target, NULL);
}

GPtrArray *
doctor_named(const struct doctor *doctor, const char *name)
{
	return search(doctor, NULL, name);
}

char *
doctor_process_text(const GPtrArray *processes)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < processes->len; i++) {
		const struct doctor_process *process = processes->pdata[i];

		g_string_append_printf(
		    text, "%s%s[%d]", i > 0 ? ", " : "", process->name, (int)process->pid);
	}
	return g_string_free(text, FALSE);
}
