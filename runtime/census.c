/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/census.h"

#include <tessera_class.h>

/* 0: not assigned yet. Initial-exec, so that creating an object calls no function to find it. */
static _Thread_local unsigned own_shard __attribute__((tls_model("initial-exec")));
static unsigned threads_seen;

static unsigned
shard_of_thread(void)
{
	if (own_shard == 0)
		own_shard = 1 +
		    __atomic_fetch_add(&threads_seen, 1, __ATOMIC_RELAXED) % TESSERA_CENSUS_SHARDS;
	return own_shard - 1;
}

void
census_made(struct tessera_census *census)
{
	if (census != NULL)
		__atomic_fetch_add(&census->shard[shard_of_thread()].made, 1, __ATOMIC_RELAXED);
}

void
census_ended(struct tessera_census *census)
{
	if (census != NULL)
		__atomic_fetch_add(&census->shard[shard_of_thread()].ended, 1, __ATOMIC_RELEASE);
}

uint32_t
census_sum(const struct tessera_census *census)
{
	int64_t sum = 0;

	if (census == NULL)
		return 0;
	for (unsigned i = 0; i < TESSERA_CENSUS_SHARDS; i++)
		sum -= __atomic_load_n(&census->shard[i].ended, __ATOMIC_ACQUIRE);
	for (unsigned i = 0; i < TESSERA_CENSUS_SHARDS; i++)
		sum += __atomic_load_n(&census->shard[i].made, __ATOMIC_ACQUIRE);
	if (sum < 0)
		return 0;
	return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}
