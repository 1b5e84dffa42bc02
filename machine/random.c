/* SPDX-License-Identifier: MIT */
/*
 * ChaCha20 (RFC 8439) as the generator: each request takes its key stream from the current
 * key and replaces the key by the first 32 bytes of it before handing out the rest.
 */
#include "machine/random.h"
#include "cpu/features.h"
#include "cpu/spinlock.h"
#include "lib/string.h"

static struct spinlock lock = SPINLOCK_INIT;
static u32 key[8];
static u64 counter;

static u32 rotl(u32 v, u32 n)
{
	return v << n | v >> (32 - n);
}

static void quarter(u32 *a, u32 *b, u32 *c, u32 *d)
{
	*a += *b, *d = rotl(*d ^ *a, 16);
	*c += *d, *b = rotl(*b ^ *c, 12);
	*a += *b, *d = rotl(*d ^ *a, 8);
	*c += *d, *b = rotl(*b ^ *c, 7);
}

static void chacha_block(u32 out[16])
{
	u32 in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	memcpy(in + 4, key, sizeof(key));
	in[12] = (u32)counter;
	in[13] = (u32)(counter >> 32);
	counter++;
	memcpy(out, in, sizeof(in));
	for (u32 i = 0; i < 10; i++) {
		for (u32 c = 0; c < 4; c++)
			quarter(&out[c], &out[4 + c], &out[8 + c], &out[12 + c]);
		for (u32 c = 0; c < 4; c++)
			quarter(&out[c], &out[4 + (c + 1) % 4], &out[8 + (c + 2) % 4],
				&out[12 + (c + 3) % 4]);
	}
	for (u32 i = 0; i < 16; i++)
		out[i] += in[i];
}

/* One word from the CPU; false when it has none to give. */
static bool hardware_word(u64 *v)
{
	bool ok = false;
	for (u32 i = 0; i < 10 && !ok; i++) {
		if (cpu_features.rdseed)
			__asm__ volatile("rdseed %0; setc %1" : "=r"(*v), "=qm"(ok) : : "cc");
		else if (cpu_features.rdrand)
			__asm__ volatile("rdrand %0; setc %1" : "=r"(*v), "=qm"(ok) : : "cc");
		else
			return false;
	}
	return ok;
}

/* A seed of the caller's alone must give the same stream every time (lstar run --icount),
 * so other sources join only when there is none. */
void random_init(const void *seed, u64 len)
{
	memset(key, 0, sizeof(key));
	memcpy(key, seed, min_u64(len, sizeof(key)));
	if (len)
		return;
	for (u32 i = 0; i < 4; i++) {
		u64 w = 0;
		if (!hardware_word(&w))
			w = tsc_read() * 0x9e3779b97f4a7c15ull;
		memcpy(&key[2 * i], &w, sizeof(w));
	}
}

void random_bytes(void *dst, u64 n)
{
	u8 *p = dst;
	u32 block[16];
	spin_guard(&lock);
	while (n) {
		chacha_block(block);
		u64 take = min_u64(n, 32);
		memcpy(p, block + 8, take);
		memcpy(key, block, sizeof(key));
		p += take;
		n -= take;
	}
	memset(block, 0, sizeof(block));
}
