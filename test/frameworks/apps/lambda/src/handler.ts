import { boom } from './boom.ts'

export async function handler(): Promise<{ statusCode: number; body: string }> {
  try {
    boom()
  } catch (error) {
    return { statusCode: 500, body: (error as Error).stack ?? '' }
  }
}
