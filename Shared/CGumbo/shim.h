#pragma once
#include <gumbo.h>
#include <stdlib.h>

// Everything that a parse allocates hangs in a list, so that it can be given back without walking the tree: gumbo's own way recurses as deeply as a page
// nests, and a page may nest more deeply than a stack allows.
typedef struct hearth_gumbo_block {
    struct hearth_gumbo_block *previous, *next;
} hearth_gumbo_block;

typedef struct {
    hearth_gumbo_block blocks;
    GumboOptions options;
    GumboOutput *output;
} hearth_gumbo_page;

static inline void *hearth_gumbo_allocate(void *list, size_t size) {
    hearth_gumbo_block *first = (hearth_gumbo_block *)list;
    hearth_gumbo_block *block = (hearth_gumbo_block *)malloc(sizeof(hearth_gumbo_block) + size);
    // Gumbo looks at no answer.
    if (!block) abort();
    block->previous = first;
    block->next = first->next;
    if (block->next) block->next->previous = block;
    first->next = block;
    return block + 1;
}

static inline void hearth_gumbo_deallocate(void *list, void *bytes) {
    (void)list;
    if (!bytes) return;
    hearth_gumbo_block *block = (hearth_gumbo_block *)bytes - 1;
    block->previous->next = block->next;
    if (block->next) block->next->previous = block->previous;
    free(block);
}

static inline void hearth_gumbo_free(hearth_gumbo_page *page) {
    hearth_gumbo_block *block = page->blocks.next;
    while (block) {
        hearth_gumbo_block *next = block->next;
        free(block);
        block = next;
    }
    free(page);
}

// The page refers to the bytes for as long as it is used. Null without memory.
static inline hearth_gumbo_page *hearth_gumbo_parse(const char *bytes, size_t length) {
    hearth_gumbo_page *page = (hearth_gumbo_page *)calloc(1, sizeof(hearth_gumbo_page));
    if (!page) return NULL;
    page->options = kGumboDefaultOptions;
    page->options.allocator = hearth_gumbo_allocate;
    page->options.deallocator = hearth_gumbo_deallocate;
    page->options.userdata = &page->blocks;
    page->options.max_errors = 0;
    page->output = gumbo_parse_with_options(&page->options, bytes, length);
    return page;
}
