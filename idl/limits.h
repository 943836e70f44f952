/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an IDL file may ask for at most. The compiler reads files that strangers wrote; each
 * length and each depth they choose is compared with one of these before anything is done.
 */
#ifndef TESSERA_IDL_LIMITS_H
#define TESSERA_IDL_LIMITS_H

#define IDL_SOURCE_MAX (4u << 20) /* bytes of one file */
#define IDL_TOKENS_MAX 1000000u   /* of one file */
#define IDL_NAME_MAX 255u         /* bytes of an identifier */
#define IDL_STRING_MAX 4096u      /* bytes of a string literal, adjacent ones together */
#define IDL_COMMENT_MAX 65536u    /* bytes of one documentation comment */
#define IDL_NESTING_MAX 64u       /* structs in structs, parentheses, libraries */
#define IDL_EXPRESSION_MAX 1024u  /* operators and operands of one expression */
#define IDL_POINTERS_MAX 8u       /* stars of one declarator */
#define IDL_DIMENSIONS_MAX 8u     /* brackets of one declarator */
#define IDL_ALIASES_MAX 64u       /* an alias of an alias of ... */
#define IDL_INDIRECTION_MAX 64u   /* stars and brackets through all aliases */
#define IDL_CASES_MAX 256u        /* expressions of one attribute */
#define IDL_ATTRIBUTES_MAX 64u    /* of one declaration */
#define IDL_PARAMETERS_MAX 127u   /* of one method: what C11 promises, but for This */
#define IDL_METHODS_MAX 2048u     /* of one interface, inherited ones included */
#define IDL_SLOTS_MAX 65536u      /* of all interfaces together, inherited ones included */
#define IDL_INHERITANCE_MAX 64u   /* bases above an interface */
#define IDL_BASES_BEHIND_MAX 256u /* interfaces of one file that come before their base */
#define IDL_IMPORT_DEPTH_MAX 32u  /* imports in imports */
#define IDL_FILES_MAX 512u        /* of one compilation */
#define IDL_INCLUDE_DEPTH_MAX 32u /* includes in includes */
#define IDL_INCLUDES_MAX 4096u    /* of one compilation */
#define IDL_BYTES_MAX (64u << 20) /* of all files that are read, each time they are */
#define IDL_CONDITIONS_MAX 64u    /* #if in #if */
#define IDL_MACROS_MAX 65536u     /* of one file with what it includes */
#define IDL_MACRO_MAX 65536u      /* words in the text of a macro */
#define IDL_MACRO_PARAMETERS_MAX 64u
#define IDL_MACRO_NESTING_MAX 64u   /* macros in arguments of macros in ... */
#define IDL_EXPANSION_MAX 262144u   /* words that one use of a macro goes through */
#define IDL_EXPANSIONS_MAX 4000000u /* the same of a whole compilation */
#define IDL_DEFINITIONS_MAX 256u    /* options -D */
#define IDL_ERRORS_MAX 20u          /* reported in one run */
#define IDL_PROGID_MAX 39u          /* characters; a rule of the Windows registry */

#endif
