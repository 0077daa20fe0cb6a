// Nominal types: a `Brand<number, 'Epoch'>` is a number that only a constructor can make, so that
// an epoch is never passed where a counter is expected. Nothing remains of it at run time.

declare const brand: unique symbol;

export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
