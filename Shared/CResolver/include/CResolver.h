#pragma once

// 1 when a domain takes mail, 0 when it does not, -1 when nobody could say. Blocking, for ten seconds at most.
int hearth_accepts_mail(const char *domain);
