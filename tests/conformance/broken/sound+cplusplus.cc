/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong in nothing, and written in C++ on the abstract classes alone. Cannot be aggregated. */
#include <atomic>
#include <new>

#include <objbase.h>

namespace
{

const CLSID class_id = { 0x7E57B0A0, 0x0001, 0x4B0F,
	{ 0x9E, 0x0B, 0x3A, 0x6D, 0x0E, 0x1F, 0x7A, 0x01 } };
const IID one_id = { 0x7E57B0A0, 0x0011, 0x4B0F,
	{ 0x9E, 0x0B, 0x3A, 0x6D, 0x0E, 0x1F, 0x7A, 0x01 } };
const IID two_id = { 0x7E57B0A0, 0x0012, 0x4B0F,
	{ 0x9E, 0x0B, 0x3A, 0x6D, 0x0E, 0x1F, 0x7A, 0x01 } };

std::atomic<int> live, locks;

struct IOne : IUnknown {
	virtual HRESULT Answer(LONG *answer) = 0;
};

struct ITwo : IUnknown {
	virtual HRESULT Ask(LONG question) = 0;
};

class Thing final : public IOne, public ITwo
{
	std::atomic<ULONG> references{ 1 };

      public:
	Thing()
	{
		live++;
	}
	~Thing()
	{
		live--;
	}

	HRESULT
	QueryInterface(REFIID riid, void **ppv) override
	{
		if (ppv == nullptr)
			return E_POINTER;
		*ppv = nullptr;
		if (IsEqualIID(riid, IID_IUnknown) || IsEqualIID(riid, one_id))
			*ppv = static_cast<IOne *>(this);
		else if (IsEqualIID(riid, two_id))
			*ppv = static_cast<ITwo *>(this);
		else
			return E_NOINTERFACE;
		AddRef();
		return S_OK;
	}

	ULONG
	AddRef() override
	{
		return ++references;
	}

	ULONG
	Release() override
	{
		ULONG left = --references;

		if (left == 0)
			delete this;
		return left;
	}

	HRESULT
	Answer(LONG *answer) override
	{
		if (answer == nullptr)
			return E_POINTER;
		*answer = 42;
		return S_OK;
	}

	HRESULT
	Ask(LONG) override
	{
		return S_OK;
	}
};

class Factory final : public IClassFactory
{
      public:
	HRESULT
	QueryInterface(REFIID riid, void **ppv) override
	{
		if (ppv == nullptr)
			return E_POINTER;
		*ppv = IsEqualIID(riid, IID_IUnknown) || IsEqualIID(riid, IID_IClassFactory)
		    ? this
		    : nullptr;
		return *ppv != nullptr ? S_OK : E_NOINTERFACE;
	}

	ULONG
	AddRef() override
	{
		return 2;
	}
	ULONG
	Release() override
	{
		return 2;
	}

	HRESULT
	CreateInstance(IUnknown *outer, REFIID riid, void **ppv) override
	{
		if (ppv == nullptr)
			return E_POINTER;
		*ppv = nullptr;
		if (outer != nullptr)
			return CLASS_E_NOAGGREGATION;
		Thing *thing = new (std::nothrow) Thing;
		if (thing == nullptr)
			return E_OUTOFMEMORY;
		HRESULT hr = thing->QueryInterface(riid, ppv);
		thing->Release();
		return hr;
	}

	HRESULT
	LockServer(BOOL lock) override
	{
		locks += lock ? 1 : -1;
		return S_OK;
	}
};

Factory factory;

} // namespace

extern "C" __attribute__((visibility("default"))) HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	if (ppv == nullptr)
		return E_POINTER;
	*ppv = nullptr;
	return IsEqualCLSID(rclsid, class_id) ? factory.QueryInterface(riid, ppv)
					      : CLASS_E_CLASSNOTAVAILABLE;
}

extern "C" __attribute__((visibility("default"))) HRESULT
DllCanUnloadNow(void)
{
	return live == 0 && locks == 0 ? S_OK : S_FALSE;
}
