/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * comreg: the administrator's and the component author's front door to the registry. One command of
 * the table in main.c a file, each with options and help of its own.
 *
 * A command's argv[0] is its name; it returns one of the exit states below. What it prints for
 * people goes through terminal.h, for programs through json.h.
 */
#ifndef TESSERA_RUNTIME_COMREG_H
#define TESSERA_RUNTIME_COMREG_H

/* Exit status. */
enum {
	COMREG_OK = 0,
	COMREG_PROBLEM = 1, /* not found, or found and broken */
	COMREG_USAGE = 2,
	COMREG_BROKEN = 3, /* comreg check: the tool itself failed */
};

int comreg_check(int argc, char **argv);
int comreg_list(int argc, char **argv);
int comreg_show(int argc, char **argv);
int comreg_find(int argc, char **argv);
int comreg_cache(int argc, char **argv);
int comreg_register(int argc, char **argv);
int comreg_unregister(int argc, char **argv);
int comreg_why(int argc, char **argv);
int comreg_doctor(int argc, char **argv);
int comreg_graph(int argc, char **argv);
int comreg_new(int argc, char **argv);

#endif
