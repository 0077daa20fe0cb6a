// The private, writable face of a record: what a copying function returns so that a step can fill
// in its own fresh copy before anybody else sees it.
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
