// Stands for zod in the page. Fault kinds describe their parameters with schemas when they are
// loaded; only whoever reads scenario files ever asks those. The page gets scenarios that have been
// read, so what it needs is something that lets itself be described.
type Schema = (...parts: readonly unknown[]) => Schema;

const described: Schema = () => z;

export const z: Schema = new Proxy(described, { get: () => z });
