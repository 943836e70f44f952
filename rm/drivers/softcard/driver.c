/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The soft card as a reader driver: reads a profile, announces its readers and their cards. It has
 * no thread; nothing moves after Start.
 */
#define COBJMACROS
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <scarderr.h>
#include <scardreader.h>
#include <tessera_class.h>

#include "rm/drivers/softcard/reader.h"
#include "rm/drivers/softcard/settings.h"
#include "softcard.h"

#define SOURCE "SCardReaderDriver.softcard"

struct softcard_driver {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderDriver) driver;
	TESSERA_INTERFACE(ISupportErrorInfo) support;
	pthread_mutex_t lock; /* between Start and Stop */
	bool started;
	ISCardReader *readers[SOFTCARD_READERS_MAX];
	unsigned reader_count;
};

static void
drop_readers(struct softcard_driver *self)
{
	for (unsigned i = 0; i < self->reader_count; i++) {
		softcard_reader_end(self->readers[i]);
		ISCardReader_Release(self->readers[i]);
	}
	self->reader_count = 0;
}

static HRESULT
make_readers(struct softcard_driver *self, const struct softcard_profile *profile)
{
	for (unsigned i = 0; i < profile->readers; i++) {
		HRESULT hr = softcard_reader_new(profile, i, &self->readers[i]);

		if (FAILED(hr))
			return hr;
		self->reader_count++;
	}
	return S_OK;
}

/* All or nothing: what was announced is taken back when the rest cannot be. */
static HRESULT
announce_readers(struct softcard_driver *self, ISCardReaderSink *sink)
{
	unsigned announced;
	HRESULT hr = S_OK;

	for (announced = 0; announced < self->reader_count; announced++) {
		ISCardReader *reader = self->readers[announced];

		hr = ISCardReaderSink_ReaderArrived(sink, reader);
		if (FAILED(hr))
			break;
		if (softcard_reader_has_card(reader))
			hr = ISCardReaderSink_CardInserted(sink, reader);
		if (FAILED(hr)) {
			ISCardReaderSink_ReaderGone(sink, reader);
			break;
		}
	}
	if (SUCCEEDED(hr))
		return S_OK;
	while (announced-- > 0)
		ISCardReaderSink_ReaderGone(sink, self->readers[announced]);
	return hr;
}

static HRESULT
start(struct softcard_driver *self, const char *settings, ISCardReaderSink *sink)
{
	char **folders = softcard_settings_folders();
	struct softcard_profile *profile;
	char *message = NULL;
	HRESULT hr;

	profile = softcard_settings_profile(settings, (const char *const *)folders, &message);
	if (profile == NULL) {
		hr = tessera_error(
		    SCARD_E_INVALID_PARAMETER, &IID_ISCardReaderDriver, SOURCE, "%s", message);
		goto out;
	}
	hr = make_readers(self, profile);
	if (SUCCEEDED(hr))
		hr = announce_readers(self, sink);
	if (FAILED(hr))
		drop_readers(self);
out:
	softcard_profile_free(profile);
	g_free(message);
	g_strfreev(folders);
	return hr;
}

static HRESULT
driver_Start(ISCardReaderDriver *iface, LPCSTR Settings, ISCardReaderSink *Sink, ULONGLONG Deadline)
{
	struct softcard_driver *self = TESSERA_SELF(struct softcard_driver, iface);
	HRESULT hr = E_UNEXPECTED;

	(void)Deadline;
	if (Sink == NULL)
		return E_POINTER;
	pthread_mutex_lock(&self->lock);
	if (!self->started) {
		self->started = true;
		hr = start(self, Settings, Sink);
	}
	pthread_mutex_unlock(&self->lock);
	return hr;
}

static HRESULT
driver_Stop(ISCardReaderDriver *iface)
{
	struct softcard_driver *self = TESSERA_SELF(struct softcard_driver, iface);

	pthread_mutex_lock(&self->lock);
	drop_readers(self);
	pthread_mutex_unlock(&self->lock);
	return S_OK;
}

static HRESULT
construct(struct tessera_object *object)
{
	struct softcard_driver *self = (struct softcard_driver *)(void *)object;

	return pthread_mutex_init(&self->lock, NULL) == 0 ? S_OK : E_OUTOFMEMORY;
}

static void
destruct(struct tessera_object *object)
{
	struct softcard_driver *self = (struct softcard_driver *)(void *)object;

	drop_readers(self);
	pthread_mutex_destroy(&self->lock);
}

static const ISCardReaderDriverVtbl driver_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderDriver),
	.Start = driver_Start,
	.Stop = driver_Stop,
};
static const struct tessera_interface driver_interfaces[] = {
	{ &IID_ISCardReaderDriver, offsetof(struct softcard_driver, driver), &driver_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct softcard_driver, support),
	    &tessera_support_error_info_vtbl },
};
static struct tessera_census driver_census;
static const struct tessera_class driver_class = {
	.clsid = &CLSID_SoftcardDriver,
	.name = "SoftcardDriver",
	.size = sizeof(struct softcard_driver),
	.interfaces = driver_interfaces,
	.interface_count = sizeof driver_interfaces / sizeof driver_interfaces[0],
	.construct = construct,
	.destruct = destruct,
	.flags = TESSERA_CLASS_SERVICE,
	.census = &driver_census,
};
TESSERA_MODULE(&driver_class, &softcard_reader_class);
