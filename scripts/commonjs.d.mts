export function commonJs(module: string, names: string[]): { code: string; types: string }
