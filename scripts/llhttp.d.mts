export function llhttp(name: string): Promise<string>
