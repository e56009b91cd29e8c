import type { CreateFilter } from '../frame-filter.ts'

export declare function createHubFilter(inner: CreateFilter): CreateFilter
