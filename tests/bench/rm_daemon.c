/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/rm_daemon.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/null/card.h"

#define PCSCD "/usr/sbin/pcscd"
#define PCSCD_READERS 16u /* the most that it has */
#define BACKLOG 4096
#define END_PATIENCE_MS 10000

#define PRINT(where, ...) ((void)snprintf((where), sizeof(where), __VA_ARGS__))

static bool
prepare(struct daemon *daemon, const char *name, const char *folder)
{
	*daemon = (struct daemon){ .name = name, .listener = -1 };
	PRINT(daemon->socket, "%.80s/%s.sock", folder, name);
	PRINT(daemon->block, "%.200s/%s.block", folder, name);
	PRINT(daemon->log, "%.200s/%s.log", folder, name);
	return null_block_make(daemon->block) == 0;
}

bool
daemon_set_readers(struct daemon *daemon, unsigned count)
{
	FILE *conf;

	if ((conf = fopen(daemon->words[0], "we")) == NULL)
		return false;
	daemon->readers = count;
	fprintf(conf, "[Daemon]\nDrivers=null=readers=%u+shm=%s\n", count, daemon->block);
	return fclose(conf) == 0;
}

static bool
prepare_scardd(struct daemon *daemon, const char *name, const char *build, const char *folder)
{
	if (!prepare(daemon, name, folder))
		return false;
	daemon->packets = true;
	PRINT(daemon->program, "%.400s/bin/scardd", build);
	PRINT(daemon->load, "%.400s/tests/bench/rm_load", build);
	PRINT(daemon->words[0], "%.400s/%s.conf", folder, name);
	PRINT(daemon->words[1], "TESSERA_COMPONENT_PATH=%.400s/tests/bench/null", build);
	daemon->argv[0] = daemon->program;
	daemon->argv[1] = "--config";
	daemon->argv[2] = daemon->words[0];
	daemon->environment[0] = daemon->words[1];
	PRINT(daemon->client_word, "TESSERA_RM=unix:%s", daemon->socket);
	daemon->client_environment[0] = daemon->client_word;
	return access(daemon->program, X_OK) == 0;
}

/* With as many readers as the peer can have. */
bool
daemon_scardd(struct daemon *daemon, const char *build, const char *folder)
{
	return prepare_scardd(daemon, "scardd", build, folder) &&
	    daemon_set_readers(daemon, PCSCD_READERS);
}

bool
daemon_dropin(struct daemon *daemon, const char *build, const char *folder)
{
	if (!prepare_scardd(daemon, "drop-in", build, folder) ||
	    !daemon_set_readers(daemon, PCSCD_READERS))
		return false;
	PRINT(daemon->load, "%.400s/tests/bench/rm_load_pcsclite", build);
	PRINT(daemon->client_library, "LD_LIBRARY_PATH=%.400s/lib/tessera/pcsclite", build);
	daemon->client_environment[1] = daemon->client_library;
	return access(daemon->load, X_OK) == 0;
}

/* One reader of the peer's handler. */
static bool
write_reader(const char *path, const char *handler, unsigned number)
{
	FILE *conf = fopen(path, "ae");

	if (conf == NULL)
		return false;
	fprintf(conf, "FRIENDLYNAME \"" NULL_READER_NAME "\"\nLIBPATH %s\nCHANNELID 0x%X\n\n",
	    number, handler, number);
	return fclose(conf) == 0;
}

bool
daemon_hosted(struct daemon *daemon, const char *build, const char *folder)
{
	char handler[512], path[600];
	FILE *conf;

	if (!prepare_scardd(daemon, "hosted", build, folder))
		return false;
	PRINT(handler, "%.400s/tests/bench/nullifd.so", build);
	if (access(handler, R_OK) != 0 || (conf = fopen(daemon->words[0], "we")) == NULL)
		return false;
	daemon->readers = PCSCD_READERS;
	fprintf(conf, "[Daemon]\nDrivers=");
	for (unsigned i = 0; i < PCSCD_READERS; i++) {
		PRINT(path, "%.500s/hosted.%u", folder, i);
		fprintf(conf, "%sifdhandler=configuration:%s", i > 0 ? ";" : "", path);
		if (!write_reader(path, handler, i))
			break;
	}
	fprintf(conf, "\n");
	PRINT(daemon->words[2], "NULLIFD_SHM=%s", daemon->block);
	daemon->environment[1] = daemon->words[2];
	return fclose(conf) == 0;
}

/*
 * pcscd takes its socket from the service manager when it is given one, and its clients find it by
 * PCSCLITE_CSOCK_NAME: so it stands beside the system's own.
 */
bool
daemon_pcscd(struct daemon *daemon, const char *build, const char *folder)
{
	char handler[512], path[1024];

	if (!prepare(daemon, "pcscd", folder))
		return false;
	daemon->readers = PCSCD_READERS;
	PRINT(daemon->program, PCSCD);
	PRINT(daemon->load, "%.400s/tests/bench/rm_load_pcsclite", build);
	PRINT(handler, "%.400s/tests/bench/nullifd.so", build);
	PRINT(daemon->words[0], "%.400s/readers", folder);
	PRINT(path, "%.500s/null", daemon->words[0]);
	if (access(PCSCD, X_OK) != 0 || access(daemon->load, X_OK) != 0 ||
	    access(handler, R_OK) != 0 || mkdir(daemon->words[0], 0700) != 0)
		return false;
	for (unsigned i = 0; i < PCSCD_READERS; i++)
		if (!write_reader(path, handler, i))
			return false;
	PRINT(daemon->words[1], "NULLIFD_SHM=%s", daemon->block);
	daemon->argv[0] = daemon->program;
	daemon->argv[1] = "--foreground";
	daemon->argv[2] = "--config";
	daemon->argv[3] = daemon->words[0];
	daemon->environment[0] = daemon->words[1];
	PRINT(daemon->client_word, "PCSCLITE_CSOCK_NAME=%s", daemon->socket);
	daemon->client_environment[0] = daemon->client_word;
	return true;
}

bool
daemon_start(struct daemon *daemon)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (daemon->listener < 0) {
		daemon->listener = socket(
		    AF_UNIX, (daemon->packets ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0);
		memcpy(address.sun_path, daemon->socket, sizeof address.sun_path);
		if (daemon->listener < 0 ||
		    bind(daemon->listener, (struct sockaddr *)&address, sizeof address) < 0 ||
		    listen(daemon->listener, BACKLOG) < 0)
			return false;
	}
	return process_start(&daemon->process, daemon->argv, daemon->environment, daemon->listener,
		   daemon->log) == 0;
}

bool
daemon_end(struct daemon *daemon)
{
	return process_end(&daemon->process, SIGTERM, END_PATIENCE_MS);
}

bool
daemon_lives(const struct daemon *daemon)
{
	int status;

	return daemon->process.pid > 0 && waitpid(daemon->process.pid, &status, WNOHANG) == 0;
}

bool
daemon_load(const struct daemon *daemon, struct process *load, const char *const *words)
{
	const char *argv[8] = { daemon->load };

	for (size_t i = 0; i < 6 && words[i] != NULL; i++)
		argv[i + 1] = words[i];
	return process_start(load, argv, daemon->client_environment, -1, daemon->log) == 0;
}

/* One thread's, or the process's for memory and threads. */
static void
read_status(const char *path, struct daemon_figures *figures, bool whole)
{
	FILE *file = fopen(path, "re");
	char line[256];
	double value;

	if (file == NULL)
		return;
	while (fgets(line, sizeof line, file) != NULL) {
		if (whole && sscanf(line, "VmRSS: %lf", &value) == 1)
			figures->rss_kb = value;
		else if (whole && sscanf(line, "Threads: %lf", &value) == 1)
			figures->threads = value;
		else if (!whole &&
		    (sscanf(line, "voluntary_ctxt_switches: %lf", &value) == 1 ||
			sscanf(line, "nonvoluntary_ctxt_switches: %lf", &value) == 1))
			figures->switches += value;
	}
	(void)fclose(file);
}

/* Time on a CPU in nanoseconds is the first number. */
static void
read_schedstat(const char *path, struct daemon_figures *figures)
{
	FILE *file = fopen(path, "re");
	double value;

	if (file == NULL)
		return;
	if (fscanf(file, "%lf", &value) == 1)
		figures->cpu_us += value / 1e3;
	(void)fclose(file);
}

bool
daemon_read(const struct daemon *daemon, struct daemon_figures *figures)
{
	const struct dirent *entry;
	char path[128];
	DIR *tasks;

	*figures = (struct daemon_figures){ 0 };
	PRINT(path, "/proc/%d/status", (int)daemon->process.pid);
	read_status(path, figures, true);
	PRINT(path, "/proc/%d/task", (int)daemon->process.pid);
	if ((tasks = opendir(path)) == NULL)
		return false;
	while ((entry = readdir(tasks)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		PRINT(path, "/proc/%d/task/%.16s/status", (int)daemon->process.pid, entry->d_name);
		read_status(path, figures, false);
		PRINT(
		    path, "/proc/%d/task/%.16s/schedstat", (int)daemon->process.pid, entry->d_name);
		read_schedstat(path, figures);
	}
	(void)closedir(tasks);
	return true;
}
