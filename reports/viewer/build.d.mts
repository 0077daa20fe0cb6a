// What the tests call; the build itself is plain JavaScript because it runs before anything is built.
export function buildPage(): Promise<void>;
