/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules taken away end what they had allowed (mission R8). */
#ifndef CGC_REVOKE_H
#define CGC_REVOKE_H

/* cgc_revoke - decide every connection again, soon. Any context. */
void cgc_revoke(void);
/* cgc_revoke_exit - no more; after the hooks are gone. May sleep. */
void cgc_revoke_exit(void);

#endif
