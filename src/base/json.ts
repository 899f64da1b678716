// What crosses from one host to another, or lies in a row or a job: plain values, read-only.

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }
