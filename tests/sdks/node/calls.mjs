// What the scripts have in common: calls in on standard input, what came of them out.

import { readFileSync } from 'node:fs'

// The task on standard input; tests/sdks/python/calls.py says what it is made of.
export const task = JSON.parse(readFileSync(0, 'utf8'))

// Make the calls one after the other: `make` takes the method's name and its arguments.
// Tell on standard output what was returned, and the error that ended it.
export async function tell(make, finish = async () => {}) {
  const returned = []
  let error = null
  try {
    for (const [method, parameters] of task.calls) {
      returned.push((await make(method, parameters)) ?? null)
    }
    await finish()
  } catch (raised) {
    error = {
      type: raised.name,
      text: raised.message,
      status: raised.statusCode ?? raised.response?.status ?? null,
      body: raised.response?.data ?? null,
    }
  }
  process.stdout.write(JSON.stringify({ returned, error }))
}
