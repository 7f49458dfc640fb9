/* Marks by people: what the page /marking asks of the server, and the shapes it gets. */
import { request } from './http.ts';
import type { FormItem, Response } from './types.ts';

const V1 = '/api/v1/marking';
const id = encodeURIComponent;

export interface Place { attempt: string; item: string }
/* What waits of one question of one exam. */
export interface Group { exam: string; exam_title: string; item: string; title: string; max: number; markers: 1 | 2; marked: number; waiting: Place[] }
export interface Queue { marker: string; waiting: number; nameless: number; more: boolean; groups: Group[] }

export interface Criterion { text: string; when: string; points: number }
export interface Answer extends Place {
  exam: string;
  exam_title: string;
  title: string;
  max: number;
  question: FormItem;
  response: Response;
  rubric: string | null; /* what the criteria do not say */
  criteria: Criterion[] | null;
}
export type Mark = ({ points: number } | { criteria: number[] }) & { comment?: string };
export interface Given extends Place { points: number; undo: boolean }

export interface Kappa { value: number; error: number; low: number | null; high: number | null }
export interface Matrix { bands: boolean; labels: number[]; counts: number[][] }
export interface Line {
  exam: string;
  item: string | null;
  markers: [string, string] | null;
  n: number;
  max: number | null;
  apart: number;
  observed: number;
  expected: number;
  kappa: Kappa | null;
  weighted: Kappa | null;
  matrix: Matrix;
}

export const queue = () => request<Queue>('GET', V1);
export const answer = (p: Place) => request<Answer>('GET', `${V1}/${id(p.attempt)}/${id(p.item)}`);
export const give = (p: Place, body: Mark) => request<Given>('POST', `${V1}/${id(p.attempt)}/${id(p.item)}`, { body });
export const takeBack = (p: Place) => request<void>('DELETE', `${V1}/${id(p.attempt)}/${id(p.item)}`);
export const agreement = () => request<{ lines: Line[]; more: boolean }>('GET', `${V1}/agreement`);
