/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What applications and reader drivers share: protocols, card states, attributes, control codes and
 * the protocol control information that frames each exchange. Values are those of Windows (Windows
 * documentation: winsmcrd.h; PC/SC parts 3, 5 and 10); some differ from pcsc-lite's, as noted.
 */
#ifndef WINSMCRD_H
#define WINSMCRD_H

#include <wtypes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Limits. An ATR has at most 33 bytes (ISO 7816-3); structures reserve 36. */
#define SCARD_ATR_LENGTH 33
#define MAXIMUM_ATTR_STRING_LENGTH 32 /* nominal */
#define MAXIMUM_SMARTCARD_READERS 10  /* nominal; there is no such limit here */

/* Protocols: bits of a request, one bit of an answer. */
#define SCARD_PROTOCOL_UNDEFINED 0x00000000u /* none active */
#define SCARD_PROTOCOL_OPTIMAL 0x00000000u   /* no bit: best parameters */
#define SCARD_PROTOCOL_T0 0x00000001u
#define SCARD_PROTOCOL_T1 0x00000002u
#define SCARD_PROTOCOL_Tx (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define SCARD_PROTOCOL_RAW 0x00010000u     /* bytes as they are; 0x4 in pcsc-lite */
#define SCARD_PROTOCOL_DEFAULT 0x80000000u /* modifier: default clock and data rate */

/* State of a card in a reader: exactly one (a mask in pcsc-lite). */
#define SCARD_UNKNOWN 0u    /* the driver does not know */
#define SCARD_ABSENT 1u     /* no card */
#define SCARD_PRESENT 2u    /* there, not in position */
#define SCARD_SWALLOWED 3u  /* in position, without power */
#define SCARD_POWERED 4u    /* has power; mode unknown */
#define SCARD_NEGOTIABLE 5u /* reset; protocol may still be negotiated */
#define SCARD_SPECIFIC 6u   /* protocol and its parameters are fixed */

/* Input of IOCTL_SMARTCARD_POWER. */
#define SCARD_POWER_DOWN 0u
#define SCARD_COLD_RESET 1u
#define SCARD_WARM_RESET 2u

/*
 * Control codes for SCardControl, with input / output.
 */
#define FILE_DEVICE_SMARTCARD 0x31u
#define SCARD_CTL_CODE(code) ((FILE_DEVICE_SMARTCARD << 16) | ((DWORD)(code) << 2))

#define IOCTL_SMARTCARD_POWER SCARD_CTL_CODE(1) /* DWORD SCARD_*_RESET or POWER_DOWN / ATR */
#define IOCTL_SMARTCARD_GET_ATTRIBUTE SCARD_CTL_CODE(2) /* DWORD attribute id / value */
#define IOCTL_SMARTCARD_SET_ATTRIBUTE SCARD_CTL_CODE(3) /* DWORD attribute id, value / none */
#define IOCTL_SMARTCARD_CONFISCATE SCARD_CTL_CODE(4)    /* none / none */
#define IOCTL_SMARTCARD_TRANSMIT SCARD_CTL_CODE(5)      /* SCARD_IO_REQUEST, data / the same */
#define IOCTL_SMARTCARD_EJECT SCARD_CTL_CODE(6)         /* none / none */
#define IOCTL_SMARTCARD_SWALLOW SCARD_CTL_CODE(7)       /* none / none */
#define IOCTL_SMARTCARD_IS_PRESENT SCARD_CTL_CODE(10)   /* completes when there is a card */
#define IOCTL_SMARTCARD_IS_ABSENT SCARD_CTL_CODE(11)    /* completes when there is none */
#define IOCTL_SMARTCARD_SET_PROTOCOL SCARD_CTL_CODE(12) /* DWORD protocol mask / DWORD chosen */
#define IOCTL_SMARTCARD_GET_STATE SCARD_CTL_CODE(14)    /* none / DWORD state, as above */
#define IOCTL_SMARTCARD_GET_LAST_ERROR SCARD_CTL_CODE(15)
#define IOCTL_SMARTCARD_GET_PERF_CNTR SCARD_CTL_CODE(16)
#define IOCTL_SMARTCARD_GET_FEATURE_REQUEST SCARD_CTL_CODE(3400) /* none / entries, see below */
#define CM_IOCTL_GET_FEATURE_REQUEST IOCTL_SMARTCARD_GET_FEATURE_REQUEST

/*
 * Features of a reader (PC/SC part 10). The answer to CM_IOCTL_GET_FEATURE_REQUEST is a list of
 * 6-byte entries: tag, the length 4, then the control code of the feature, most significant byte
 * first.
 */
#define FEATURE_VERIFY_PIN_START 0x01
#define FEATURE_VERIFY_PIN_FINISH 0x02
#define FEATURE_MODIFY_PIN_START 0x03
#define FEATURE_MODIFY_PIN_FINISH 0x04
#define FEATURE_GET_KEY_PRESSED 0x05
#define FEATURE_VERIFY_PIN_DIRECT 0x06
#define FEATURE_MODIFY_PIN_DIRECT 0x07
#define FEATURE_MCT_READER_DIRECT 0x08
#define FEATURE_MCT_UNIVERSAL 0x09
#define FEATURE_IFD_PIN_PROPERTIES 0x0A
#define FEATURE_ABORT 0x0B
#define FEATURE_SET_SPE_MESSAGE 0x0C
#define FEATURE_VERIFY_PIN_DIRECT_APP_ID 0x0D
#define FEATURE_MODIFY_PIN_DIRECT_APP_ID 0x0E
#define FEATURE_WRITE_DISPLAY 0x0F
#define FEATURE_GET_KEY 0x10
#define FEATURE_IFD_DISPLAY_PROPERTIES 0x11
#define FEATURE_GET_TLV_PROPERTIES 0x12
#define FEATURE_CCID_ESC_COMMAND 0x13
#define FEATURE_EXECUTE_PACE 0x20

/* Attributes for SCardGetAttrib and SCardSetAttrib: class in the high word, tag in the low. */
#define SCARD_ATTR_VALUE(Class, Tag) (((DWORD)(Class) << 16) | (DWORD)(Tag))

#define SCARD_CLASS_VENDOR_INFO 1
#define SCARD_CLASS_COMMUNICATIONS 2
#define SCARD_CLASS_PROTOCOL 3
#define SCARD_CLASS_POWER_MGMT 4
#define SCARD_CLASS_SECURITY 5
#define SCARD_CLASS_MECHANICAL 6
#define SCARD_CLASS_VENDOR_DEFINED 7
#define SCARD_CLASS_IFD_PROTOCOL 8
#define SCARD_CLASS_ICC_STATE 9
#define SCARD_CLASS_PERF 0x7FFE
#define SCARD_CLASS_SYSTEM 0x7FFF

/*
 * The reader. Strings are 8-bit unless the name ends in _W; whether the length counts their NUL is
 * up to the driver.
 */
#define SCARD_ATTR_VENDOR_NAME 0x00010100u
#define SCARD_ATTR_VENDOR_IFD_TYPE 0x00010101u      /* model */
#define SCARD_ATTR_VENDOR_IFD_VERSION 0x00010102u   /* DWORD 0xMMmmbbbb: major, minor, build */
#define SCARD_ATTR_VENDOR_IFD_SERIAL_NO 0x00010103u /* string */
/*
 * DWORD 0xDDDDCCCC, channel CCCC of kind DDDD: 1 serial (port), 2 parallel (port), 4 PS/2 keyboard
 * (0), 8 SCSI (id), 10h IDE (device), 20h USB (device), F0h to FFh vendor's own.
 */
#define SCARD_ATTR_CHANNEL_ID 0x00020110u
#define SCARD_ATTR_PROTOCOL_TYPES 0x00030120u     /* DWORD, bit n: T=n */
#define SCARD_ATTR_DEFAULT_CLK 0x00030121u        /* DWORD, kHz */
#define SCARD_ATTR_MAX_CLK 0x00030122u            /* DWORD, kHz */
#define SCARD_ATTR_DEFAULT_DATA_RATE 0x00030123u  /* DWORD, bit/s */
#define SCARD_ATTR_MAX_DATA_RATE 0x00030124u      /* DWORD, bit/s */
#define SCARD_ATTR_MAX_IFSD 0x00030125u           /* DWORD, bytes */
#define SCARD_ATTR_POWER_MGMT_SUPPORT 0x00040131u /* DWORD, 0: a card inside keeps its power */
#define SCARD_ATTR_USER_TO_CARD_AUTH_DEVICE 0x00050140u
#define SCARD_ATTR_USER_AUTH_INPUT_DEVICE 0x00050142u
#define SCARD_ATTR_CHARACTERISTICS 0x00060150u /* DWORD of SCARD_READER_* bits */

/* The protocol in use with the card; DWORDs. */
#define SCARD_ATTR_CURRENT_PROTOCOL_TYPE 0x00080201u /* bit n: T=n */
#define SCARD_ATTR_CURRENT_CLK 0x00080202u           /* kHz */
#define SCARD_ATTR_CURRENT_F 0x00080203u             /* clock conversion factor */
#define SCARD_ATTR_CURRENT_D 0x00080204u             /* bit rate factor */
#define SCARD_ATTR_CURRENT_N 0x00080205u             /* guard time */
#define SCARD_ATTR_CURRENT_W 0x00080206u             /* work waiting time */
#define SCARD_ATTR_CURRENT_IFSC 0x00080207u          /* bytes */
#define SCARD_ATTR_CURRENT_IFSD 0x00080208u          /* bytes */
#define SCARD_ATTR_CURRENT_BWT 0x00080209u           /* block waiting time */
#define SCARD_ATTR_CURRENT_CWT 0x0008020Au           /* character waiting time */
#define SCARD_ATTR_CURRENT_EBC_ENCODING 0x0008020Bu  /* 0 LRC, 1 CRC */
#define SCARD_ATTR_EXTENDED_BWT 0x0008020Cu

/* The card; one BYTE unless said otherwise. */
#define SCARD_ATTR_ICC_PRESENCE 0x00090300u         /* 0 none, 1 loose, 2 in place, 4 captured */
#define SCARD_ATTR_ICC_INTERFACE_STATUS 0x00090301u /* 0 contacts inactive */
#define SCARD_ATTR_CURRENT_IO_STATE 0x00090302u
#define SCARD_ATTR_ATR_STRING 0x00090303u       /* the ATR, up to 33 bytes */
#define SCARD_ATTR_ICC_TYPE_PER_ATR 0x00090304u /* 0 unknown, 1 asynchronous, 2 synchronous */

/* Vendor's own. */
#define SCARD_ATTR_ESC_RESET 0x0007A000u
#define SCARD_ATTR_ESC_CANCEL 0x0007A003u
#define SCARD_ATTR_ESC_AUTHREQUEST 0x0007A005u
#define SCARD_ATTR_MAXINPUT 0x0007A007u /* DWORD, bytes */
#define SCARD_ATTR_VENDOR_SPECIFIC_INFO 0x0007A008u

/* The reader as the system sees it. */
#define SCARD_ATTR_DEVICE_UNIT 0x7FFF0001u            /* DWORD, counts a vendor's readers from 0 */
#define SCARD_ATTR_DEVICE_IN_USE 0x7FFF0002u          /* reserved */
#define SCARD_ATTR_DEVICE_FRIENDLY_NAME_A 0x7FFF0003u /* the name that SCardListReaders gives */
#define SCARD_ATTR_DEVICE_SYSTEM_NAME_A 0x7FFF0004u
#define SCARD_ATTR_DEVICE_FRIENDLY_NAME_W 0x7FFF0005u /* UTF-16 */
#define SCARD_ATTR_DEVICE_SYSTEM_NAME_W 0x7FFF0006u   /* UTF-16 */
#define SCARD_ATTR_SUPRESS_T1_IFS_REQUEST 0x7FFF0007u /* may be set; spelled as on Windows */
#define SCARD_PERF_NUM_TRANSMISSIONS 0x7FFE0001u      /* DWORD */
#define SCARD_PERF_BYTES_TRANSMITTED 0x7FFE0002u      /* DWORD */
#define SCARD_PERF_TRANSMISSION_TIME 0x7FFE0003u      /* DWORD */

#ifdef UNICODE
#define SCARD_ATTR_DEVICE_FRIENDLY_NAME SCARD_ATTR_DEVICE_FRIENDLY_NAME_W
#define SCARD_ATTR_DEVICE_SYSTEM_NAME SCARD_ATTR_DEVICE_SYSTEM_NAME_W
#else
#define SCARD_ATTR_DEVICE_FRIENDLY_NAME SCARD_ATTR_DEVICE_FRIENDLY_NAME_A
#define SCARD_ATTR_DEVICE_SYSTEM_NAME SCARD_ATTR_DEVICE_SYSTEM_NAME_A
#endif

/* Bits of SCARD_ATTR_CHARACTERISTICS. */
#define SCARD_READER_SWALLOWS 0x00000001u
#define SCARD_READER_EJECTS 0x00000002u
#define SCARD_READER_CONFISCATES 0x00000004u
#define SCARD_READER_CONTACTLESS 0x00000008u

/* Kind of a reader: one value, not a mask. */
#define SCARD_READER_TYPE_SERIAL 0x01u
#define SCARD_READER_TYPE_PARALELL 0x02u /* spelled as on Windows */
#define SCARD_READER_TYPE_KEYBOARD 0x04u
#define SCARD_READER_TYPE_SCSI 0x08u
#define SCARD_READER_TYPE_IDE 0x10u
#define SCARD_READER_TYPE_USB 0x20u
#define SCARD_READER_TYPE_PCMCIA 0x40u
#define SCARD_READER_TYPE_TPM 0x80u
#define SCARD_READER_TYPE_NFC 0x100u
#define SCARD_READER_TYPE_UICC 0x200u
#define SCARD_READER_TYPE_NGC 0x400u
#define SCARD_READER_TYPE_EMBEDDEDSE 0x800u
#define SCARD_READER_TYPE_VENDOR 0xF0u

/* Lengths of the framing of T=0 and T=1, in bytes. */
#define SCARD_T0_HEADER_LENGTH 7
#define SCARD_T0_CMD_LENGTH 5
#define SCARD_T1_PROLOGUE_LENGTH 3
#define SCARD_T1_EPILOGUE_LENGTH 2 /* CRC */
#define SCARD_T1_EPILOGUE_LENGTH_LRC 1
#define SCARD_T1_MAX_IFS 254

/*
 * Protocol control information (PCI), PC/SC part 5: says which protocol an exchange uses.
 * cbPciLength counts this structure and the protocol's own bytes that may follow it.
 */
typedef struct _SCARD_IO_REQUEST {
	DWORD dwProtocol;  /* SCARD_PROTOCOL_T0, _T1 or _RAW */
	DWORD cbPciLength; /* bytes */
} SCARD_IO_REQUEST, *PSCARD_IO_REQUEST, *LPSCARD_IO_REQUEST;
typedef const SCARD_IO_REQUEST *LPCSCARD_IO_REQUEST;

/* Forms that drivers use. */
typedef struct _SCARD_T0_COMMAND {
	BYTE bCla;
	BYTE bIns;
	BYTE bP1;
	BYTE bP2;
	BYTE bP3;
} SCARD_T0_COMMAND, *LPSCARD_T0_COMMAND;

typedef struct _SCARD_T0_REQUEST {
	SCARD_IO_REQUEST ioRequest;
	BYTE bSw1;
	BYTE bSw2;
	union {
		SCARD_T0_COMMAND CmdBytes;
		BYTE rgbHeader[5];
	};
} SCARD_T0_REQUEST, *PSCARD_T0_REQUEST, *LPSCARD_T0_REQUEST;

typedef struct _SCARD_T1_REQUEST {
	SCARD_IO_REQUEST ioRequest;
} SCARD_T1_REQUEST, *PSCARD_T1_REQUEST, *LPSCARD_T1_REQUEST;

#ifdef __cplusplus
}
#endif

#endif
