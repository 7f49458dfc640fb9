/* Certificates of the person who is signed in: what the server keeps of them, and what can be done. Shapes as in docs/openapi.yaml. */
import { request } from './http.ts';

const V1 = '/api/v1/certificates';
const at = (id: string): string => `${V1}/${encodeURIComponent(id)}`;

export type CertificateState = 'valid' | 'not-yet' | 'expired' | 'revoked' | 'suspended' | 'superseded';
export interface Renewal { exam: string; opens_at: string; closes_at: string; state: 'later' | 'open' | 'over'; extends: 'expiry' | 'pass' }
export interface Certificate {
  id: string;
  exam: string;
  title: string;
  attempt: string;
  state: CertificateState;
  reason: string | null;
  name: string | null;
  issued_at: string;
  valid_from: string;
  valid_until: string | null;
  renew: Renewal | null;
  renewed_by: string | null;
  superseded_by: string | null;
  supersedes: string | null;
  shared: boolean;
  replay_shared: boolean;
  hidden: boolean;
  score: { name: string; value: string }[];
  links: Record<'verify' | 'json' | 'png' | 'svg' | 'pdf_a4' | 'pdf_letter' | 'bundle' | 'embed' | 'linkedin', string>;
  line: string;
}
export interface Reminder { certificate: string; exam: string; text: string; opens_at: string | null; closes_at: string }
export interface Wallet { certificates: Certificate[]; reminders: Reminder[] }
export type Change = Partial<Pick<Certificate, 'shared' | 'replay_shared' | 'hidden'>>;

export const wallet = () => request<Wallet>('GET', V1);
export const change = (id: string, body: Change) => request<Certificate>('PATCH', at(id), { body });
export const rename = (id: string, name: string | null) => request<Certificate>('POST', `${at(id)}/name`, { body: { name } });
export const withdraw = (id: string) => request<void>('DELETE', at(id));
