/* The bound of the audit's scan: what C does for ASCII alone, with nothing of what Unicode, JSON, links and mentions need.
   Words by AVX2, one hash from two loads, runs of n words, one filter word for each run, in batches as the audit does it.
   Compiled and called by benchmarks/audit.py. */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define BATCH 2048
static const uint64_t K1 = 0x9E3779B97F4A7C15ull, K2 = 0xBF58476D1CE4E5B9ull, K3 = 0x94D049BB133111EBull,
                      K4 = 0xD6E8FEB86659FD93ull, LOWER = 0x2020202020202020ull;
static uint64_t first_mask[65], next_mask[65], keys[BATCH + 64], words[BATCH + 64];

static void masks(void) {
    for (int k = 0; k < 65; k++) {
        int a = k < 8 ? k : 8, b = k < 8 ? 0 : (k < 16 ? k - 8 : 8);
        first_mask[k] = a == 8 ? ~0ull : (1ull << 8 * a) - 1;
        next_mask[k] = b == 8 ? ~0ull : (1ull << 8 * b) - 1;
    }
}

static inline uint32_t half(const uint8_t *p) {
    __m256i x = _mm256_loadu_si256((const __m256i *)p), low = _mm256_or_si256(x, _mm256_set1_epi8(0x20));
    __m256i a = _mm256_sub_epi8(low, _mm256_set1_epi8('a')), d = _mm256_sub_epi8(x, _mm256_set1_epi8('0'));
    __m256i letter = _mm256_cmpeq_epi8(_mm256_min_epu8(a, _mm256_set1_epi8(25)), a);
    __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(d, _mm256_set1_epi8(9)), d);
    return _mm256_movemask_epi8(_mm256_or_si256(letter, digit));
}

static inline uint64_t number(const uint8_t *p, uint64_t length) {
    if (length > 56) length = 56;
    uint64_t a, b;
    memcpy(&a, p, 8);
    memcpy(&b, p + 8, 8);
    a = (a | LOWER) & first_mask[length];
    b = (b | LOWER) & next_mask[length];
    uint64_t h = (a ^ length * K1) * K2, g = (b + K3) * K4;
    h ^= (g >> 29) ^ (g << 35);
    h ^= h >> 31;
    for (uint64_t k = 16; k < length; k += 8) {
        memcpy(&a, p + k, 8);
        a = (a | LOWER) & first_mask[length - k < 8 ? length - k : 8];
        h = (h ^ a) * K2;
        h ^= h >> 31;
    }
    return h | 1;
}

static inline uint64_t turn(uint64_t x, int by) { return by ? x << by | x >> (64 - by) : x; }

static uint64_t batch(int64_t have, int n, uint64_t *filter, uint64_t size, int insert) {
    int64_t runs = have - n + 1;
    uint64_t passed = 0;
    for (int64_t j = 0; j < runs; j++) keys[j] = words[j];
    for (int k = 1; k < n; k++)
        for (int64_t j = 0; j < runs; j++) keys[j] ^= turn(words[j + k], k * 13 & 63);
    for (int64_t j = 0; j < runs; j++) {
        uint64_t key = keys[j] * K1, bits = 1ull << (key & 63) | 1ull << (key >> 6 & 63);
        uint64_t *at = filter + ((key >> 32) * size >> 32);
        if (insert) *at |= bits;
        passed += (*at & bits) == bits;
    }
    return passed;
}

/* Reads `count` bytes (64 more must be readable); gives how many runs pass the filter, or puts them into it. */
uint64_t scan(const uint8_t *text, int64_t count, int n, uint64_t *filter, uint64_t size, int insert, int64_t *seen) {
    uint64_t passed = 0, carry = 0, start = 0, total = 0;
    int64_t have = 0;
    int inside = 0;
    masks();
    for (int64_t base = 0; base <= count; base += 64) {
        uint64_t bits = half(text + base) | (uint64_t)half(text + base + 32) << 32;
        if (count - base < 64) bits &= (1ull << (count - base)) - 1;
        uint64_t changes = bits ^ (bits << 1 | carry);
        carry = bits >> 63;
        for (; changes; changes &= changes - 1) {
            uint64_t at = base + __builtin_ctzll(changes);
            if (!inside) {
                start = at;
                inside = 1;
                continue;
            }
            inside = 0;
            words[have++] = number(text + start, at - start);
        }
        if (have >= BATCH) {
            passed += batch(have, n, filter, size, insert);
            total += have - n + 1;
            memmove(words, words + have - n + 1, 8 * (n - 1));
            have = n - 1;
        }
    }
    if (have >= n) passed += batch(have, n, filter, size, insert), total += have - n + 1;
    *seen = total;
    return passed;
}
