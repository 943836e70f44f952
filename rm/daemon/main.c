/* SPDX-License-Identifier: BSD-2-Clause */
/* scardd: the command line, start and stop. See scardd(8). */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <objbase.h>

#include "rm/daemon/daemon.h"

#define EXIT_USAGE 2
#define SETTLE_LIMIT_MS 1000u /* for the resets of cards at the end */
#define STOP_LIMIT_S 10u      /* for drivers that do not come back */
#define SYSTEM_DRIVER "ccid"  /* of the system's daemon, when none is named */

struct daemon scardd = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.page = -1,
	.listeners = {
	    [LISTENER_OWN] = { .source = { -1, accept_ready }, .reserve = -1, .take = lane_new },
	    [LISTENER_PCSCLITE] = { .source = { -1, accept_ready },
		.reserve = -1,
		.take = lite_new },
	} };

struct options {
	const char *socket, *pcsclite_socket, *config;
	GPtrArray *drivers; /* of const char * */
};

static const char help[] =
    "usage: scardd [--socket PATH] [--pcsclite-socket PATH] [--driver NAME[=SETTINGS]]...\n"
    "              [--config FILE]\n"
    "       scardd --help | --version\n"
    "\n"
    "Shares smart card readers among programs, which find it at its socket.\n"
    "\n"
    "  --socket PATH             where clients connect\n"
    "  --pcsclite-socket PATH    where those of pcsc-lite's own library do\n"
    "  --driver NAME[=SETTINGS]  a reader driver; replaces those of the configuration\n"
    "  --config FILE             instead of the administrator's scardd.conf\n"
    "  --foreground              stay in the foreground, as scardd always does\n"
    "  --help                    this text\n"
    "  --version                 the version\n"
    "\n"
    "Exit status: 0 stopped by a signal, 1 it could not start, 2 wrong use.\n";

static int wrong_use(const char *format, ...) G_GNUC_PRINTF(1, 2);

static int
wrong_use(const char *format, ...)
{
	va_list arguments;

	fputs("scardd: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputs("; see scardd --help\n", stderr);
	return EXIT_USAGE;
}

static bool is_system;

static void
look_at_place(const char *path, bool named)
{
	if (is_system || !system_is(path, named, geteuid()))
		return;
	is_system = true;
	log_line(LOG_LEVEL_INFO,
	    "this is the system's scardd: it uses components and configuration of administrator "
	    "and vendor only");
	system_begin();
}

/* Before the configuration is looked for, which may say where the socket lies, and then be too
 * late to be forgotten: that one is a user's, who might as well have used --config. */
static void
look_at_named_place(const struct options *options)
{
	g_autofree char *given = socket_given_path();
	const char *path = given != NULL ? given : options->socket;

	look_at_place(path != NULL ? path : "", path != NULL);
}

/* The command line has the last word. */
static bool
prepare_settings(const struct options *options)
{
	struct settings *settings = &scardd.settings;

	look_at_named_place(options);
	if (!settings_read(settings, options->config))
		return false;
	if (options->socket != NULL) {
		g_free(settings->path);
		settings->path = g_strdup(options->socket);
		settings->path_is_named = true;
	}
	if (options->pcsclite_socket != NULL) {
		g_free(settings->pcsclite_path);
		settings->pcsclite_path = g_strdup(options->pcsclite_socket);
	}
	if (options->drivers->len > 0) {
		settings->drivers_are_named = true;
		g_ptr_array_set_size(settings->drivers, 0);
	}
	for (guint i = 0; i < options->drivers->len; i++)
		g_ptr_array_add(
		    settings->drivers, g_strdup(g_ptr_array_index(options->drivers, i)));
	return true;
}

static void
raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* All threads inherit this; only wait_for_end hears the signals. */
static void
block_signals(sigset_t *ret_ends)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, NULL);
	(void)sigemptyset(ret_ends);
	(void)sigaddset(ret_ends, SIGTERM);
	(void)sigaddset(ret_ends, SIGINT);
	(void)signal(SIGPIPE, SIG_IGN);
}

static bool
start_driver(const char *text)
{
	char message[RM_MESSAGE_SIZE] = "";
	g_auto(GStrv) parts = g_strsplit(text, "=", 2);

	if (rm_engine_start_driver(scardd.engine, parts[0], parts[0] != NULL ? parts[1] : NULL,
		message) != SCARD_S_SUCCESS) {
		log_line(LOG_LEVEL_ERROR, "%s", message);
		return false;
	}
	log_line(LOG_LEVEL_INFO, "driver %s started", parts[0]);
	return true;
}

/*
 * Nobody asked for this one: a machine without USB, or where scardd may not see it, has a scardd
 * all the same. The log says why there are no readers.
 */
static void
start_system_driver(void)
{
	if (!start_driver(SYSTEM_DRIVER))
		log_line(LOG_LEVEL_ERROR,
		    "there are no readers; name the drivers that are wanted with Drivers= in "
		    "scardd.conf, or start scardd again when this is mended");
}

static bool
start_named_drivers(void)
{
	const GPtrArray *drivers = scardd.settings.drivers;
	bool started = true;

	for (guint i = 0; i < drivers->len && started; i++)
		started = start_driver(g_ptr_array_index(drivers, i));
	return started;
}

/* Components need a thread that has said so; not for longer than this. */
static bool
start_drivers(void)
{
	HRESULT hr;
	bool started = true;

	if (scardd.settings.drivers->len == 0 &&
	    (scardd.settings.drivers_are_named || !is_system)) {
		log_line(LOG_LEVEL_INFO,
		    "no reader driver is named, so there are no readers; name one with --driver, "
		    "or "
		    "with Drivers= in scardd.conf");
		return true;
	}
	hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
	if (scardd.settings.drivers->len == 0)
		start_system_driver();
	else
		started = start_named_drivers();
	if (SUCCEEDED(hr))
		CoUninitialize();
	return started;
}

static void
prepare_condition(void)
{
	pthread_condattr_t attributes;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&scardd.quiet, &attributes);
	(void)pthread_condattr_destroy(&attributes);
}

/* Opens the socket first, so that a second daemon is refused before it touches readers. */
static bool
start(void)
{
	struct listener *own = &scardd.listeners[LISTENER_OWN];
	g_autofree char *path = NULL;

	if (!socket_listen(&scardd.settings, scardd.listeners))
		return false;
	path = socket_path(own->source.fd);
	look_at_place(path, !own->is_ours || scardd.settings.path_is_named);
	for (size_t i = 0; i < LISTENERS; i++)
		if (scardd.listeners[i].source.fd >= 0)
			accept_prepare(&scardd.listeners[i]);
	return true;
}

static const char *
path_of(size_t listener)
{
	return listener == LISTENER_OWN ? scardd.settings.path : scardd.settings.pcsclite_path;
}

static bool
listen_to_clients(void)
{
	static const char *const whom[] = { "", " for pcsc-lite's library" };

	for (size_t i = 0; i < LISTENERS; i++) {
		struct listener *listener = &scardd.listeners[i];

		if (listener->source.fd < 0)
			continue;
		if (!loop_add(&listener->source)) {
			log_line(LOG_LEVEL_ERROR, "epoll: %s", strerror(errno));
			return false;
		}
		log_line(LOG_LEVEL_INFO, "ready at %s%s",
		    listener->is_ours ? path_of(i) : "the socket of the service manager", whom[i]);
	}
	return true;
}

/* Nobody finds the sockets that were made here any more. */
static void
hide_sockets(void)
{
	for (size_t i = 0; i < LISTENERS; i++) {
		struct listener *listener = &scardd.listeners[i];

		if (!listener->is_ours || listener->source.fd < 0)
			continue;
		(void)unlink(path_of(i));
		(void)shutdown(listener->source.fd, SHUT_RDWR);
	}
}

static bool
serve_clients(void)
{
	page_begin();
	if (!loop_begin() || !work_begin() || !change_begin() || !start_drivers())
		return false;
	if (!listen_to_clients())
		return false;
	socket_notify("READY=1");
	return true;
}

static void
wait_for_end(const sigset_t *ends)
{
	int number;

	while (sigwait(ends, &number) != 0)
		;
	log_line(LOG_LEVEL_INFO, "stopping");
	socket_notify("STOPPING=1");
}

/*
 * Clients first, so that their cards are put in order while the drivers are still there; then the
 * drivers; then whoever waited for them.
 */
static void
stop(void)
{
	sigset_t alarm_set;

	/* A driver that does not come back must not keep the process: the signal ends it. */
	(void)sigemptyset(&alarm_set);
	(void)sigaddset(&alarm_set, SIGALRM);
	(void)pthread_sigmask(SIG_UNBLOCK, &alarm_set, NULL);
	(void)alarm(STOP_LIMIT_S);

	(void)pthread_mutex_lock(&scardd.lock);
	__atomic_store_n(&scardd.closing, true, __ATOMIC_RELEASE);
	(void)pthread_mutex_unlock(&scardd.lock);
	hide_sockets();
	/* Before the first session ends, so that nobody learns less by looking than by asking. */
	page_close();
	session_end_all();
	lane_end_all();
	(void)work_settle(rm_deadline(SETTLE_LIMIT_MS));
	rm_engine_stop(scardd.engine);
	(void)work_settle(rm_deadline(STOP_LIMIT_S * 1000));
}

static void
clean_up(void)
{
	loop_end();
	change_end();
	trace_end();
	work_end();
	page_end();
	if (scardd.tokens != NULL)
		g_hash_table_destroy(scardd.tokens);
	for (size_t i = 0; i < LISTENERS; i++) {
		if (scardd.listeners[i].source.fd < 0)
			continue;
		(void)close(scardd.listeners[i].source.fd);
		(void)close(scardd.listeners[i].reserve);
	}
	settings_clear(&scardd.settings);
}

static int
run(const struct options *options)
{
	sigset_t ends;

	log_begin();
	if (!prepare_settings(options))
		return EXIT_FAILURE;
	raise_limits();
	block_signals(&ends);
	/* Messages come and go as whole pages: what is given back is given back. */
	(void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	prepare_condition();
	if (!start()) {
		hide_sockets();
		return EXIT_FAILURE;
	}
	if (!serve_clients()) {
		hide_sockets();
		if (scardd.engine != NULL)
			rm_engine_stop(scardd.engine);
		return EXIT_FAILURE;
	}
	wait_for_end(&ends);
	stop();
	clean_up();
	log_line(LOG_LEVEL_INFO, "stopped");
	return EXIT_SUCCESS;
}

static int
finish_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_SUCCESS;
	perror("scardd: standard output");
	return EXIT_FAILURE;
}

static const struct option known[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "pcsclite-socket", required_argument, NULL, 'p' },
	{ "driver", required_argument, NULL, 'd' },
	{ "config", required_argument, NULL, 'c' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* -1: run. Else the exit status. */
static int
parse(int argc, char **argv, struct options *options)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hV", known, NULL)) != -1)
		switch (option) {
		case 's':
			options->socket = optarg;
			break;
		case 'p':
			options->pcsclite_socket = optarg;
			break;
		case 'd':
			if (optarg[0] == '\0' || optarg[0] == '=')
				return wrong_use("--driver needs a name before its settings");
			g_ptr_array_add(options->drivers, optarg);
			break;
		case 'c':
			options->config = optarg;
			break;
		case 'f':
			break;
		case 'h':
			fputs(help, stdout);
			return finish_output();
		case 'V':
			puts("scardd " TESSERA_VERSION);
			return finish_output();
		case ':':
			return wrong_use("%s needs a value", argv[optind - 1]);
		default:
			return wrong_use("unknown option \"%s\"", argv[optind - 1]);
		}
	if (optind < argc)
		return wrong_use("there are no arguments, and \"%s\" is one", argv[optind]);
	return -1;
}

int
main(int argc, char **argv)
{
	struct options options = { .drivers = g_ptr_array_new() };
	int result;

	setlocale(LC_CTYPE, "");
	result = parse(argc, argv, &options);
	if (result < 0)
		result = run(&options);
	g_ptr_array_free(options.drivers, TRUE);
	return result;
}
