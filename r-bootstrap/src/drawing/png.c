/* Writes a page of pixels as PNG.
 *
 * libpng takes six times as long as this: its rows go one by one through zlib. Here the whole page
 * is filtered, and deflated by libdeflate in one call. Runs in a worker while its script draws. */
#include "drawing/drawing.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Level 6 of libdeflate is no slower than its lower ones on a chart, most of which is empty, and
 * makes files a little smaller than libpng's. */
enum { COMPRESSION_LEVEL = 6, FILTER_UP = 2, CHUNK_FRAME = 12, RGB_BYTES = 3 };

static uint8_t *put_u32(uint8_t *at, uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (uint8_t)(value >> shift);
    return at;
}

/* Writes a chunk: its length, its name, its data and a checksum of both. */
static bool put_chunk(FILE *file, const char *name, const uint8_t *data, size_t length) {
    uint8_t frame[CHUNK_FRAME];
    put_u32(frame, (uint32_t)length);
    memcpy(frame + 4, name, 4);
    uint32_t checksum = libdeflate_crc32(0, name, 4);
    put_u32(frame + 8, libdeflate_crc32(checksum, data, length));
    return fwrite(frame, 1, 8, file) == 8 && fwrite(data, 1, length, file) == length &&
           fwrite(frame + 8, 1, 4, file) == 4;
}

static bool put_header(FILE *file, const struct page *page) {
    static const uint8_t signature[] = {137, 'P', 'N', 'G', '\r', '\n', 26, '\n'};
    uint8_t header[13], density[9];
    uint8_t *end = put_u32(put_u32(header, (uint32_t)page->width), (uint32_t)page->height);
    memcpy(end, (uint8_t[]){8, 2, 0, 0, 0},
           5); /* 8 bits, RGB, the one compression, not interlaced */
    uint32_t per_metre = (uint32_t)(page->dpi / 0.0254);
    end = put_u32(put_u32(density, per_metre), per_metre);
    *end = 1; /* the unit: a metre */
    return fwrite(signature, 1, sizeof signature, file) == sizeof signature &&
           put_chunk(file, "IHDR", header, sizeof header) &&
           put_chunk(file, "pHYs", density, sizeof density);
}

/* Each byte of `a` less that of `b`, modulo 256. */
static uint32_t subtract_bytes(uint32_t a, uint32_t b) {
    const uint32_t tops = 0x80808080;
    return ((a | tops) - (b & ~tops)) ^ ((a ^ ~b) & tops);
}

/* Writes the row as its difference from the one above, behind the filter's number. A pixel is
 * stored as four bytes, the last of which the next overwrites: one is written past the row's end.
 */
static uint8_t *filter_row(uint8_t *to, const uint32_t *row, const uint32_t *above, size_t width) {
    *to++ = FILTER_UP;
    if (memcmp(row, above, width * sizeof *row) == 0) {
        memset(to, 0, width * RGB_BYTES);
        return to + width * RGB_BYTES;
    }
    for (size_t x = 0; x < width; x++) {
        uint32_t difference = subtract_bytes(row[x], above[x]);
        uint8_t bytes[4] = {(uint8_t)difference, (uint8_t)(difference >> 8),
                            (uint8_t)(difference >> 16), 0};
        memcpy(to, bytes, sizeof bytes);
        to += RGB_BYTES;
    }
    return to;
}

/* Returns the filtered rows; NULL where there is no memory for them. */
static uint8_t *filter(const struct page *page, size_t *length) {
    size_t width = (size_t)page->width, height = (size_t)page->height;
    *length = (width * RGB_BYTES + 1) * height;
    uint8_t *filtered = malloc(*length + 1);
    uint32_t *nothing = calloc(width, sizeof *nothing);
    uint8_t *to = filtered;
    for (size_t y = 0; filtered != NULL && nothing != NULL && y < height; y++) {
        const uint32_t *row = page->pixels + y * width;
        to = filter_row(to, row, y == 0 ? nothing : row - width, width);
    }
    if (nothing == NULL) {
        free(filtered);
        filtered = NULL;
    }
    free(nothing);
    return filtered;
}

/* Returns the page's data, compressed; NULL where there is no memory for it. */
static uint8_t *compress(const struct page *page, size_t *length) {
    size_t filtered_length;
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(COMPRESSION_LEVEL);
    uint8_t *filtered = filter(page, &filtered_length);
    size_t most = libdeflate_zlib_compress_bound(compressor, filtered_length);
    uint8_t *compressed = malloc(most);
    *length = 0;
    if (compressor != NULL && filtered != NULL && compressed != NULL)
        *length = libdeflate_zlib_compress(compressor, filtered, filtered_length, compressed, most);
    libdeflate_free_compressor(compressor);
    free(filtered);
    if (*length > 0)
        return compressed;
    free(compressed);
    return NULL;
}

/* Writes the page to a file. Returns whether all of it is there. */
bool write_png(const char *path, const struct page *page) {
    size_t length;
    uint8_t *data = compress(page, &length);
    FILE *file = data == NULL ? NULL : fopen(path, "wb");
    bool done = false;
    if (file != NULL) {
        done = put_header(file, page) && put_chunk(file, "IDAT", data, length) &&
               put_chunk(file, "IEND", (const uint8_t *)"", 0);
        done = fclose(file) == 0 && done;
    }
    free(data);
    return done;
}
