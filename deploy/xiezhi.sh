#!/bin/sh
# /usr/local/bin/xiezhi: the command line at a site, as the service's account and with the service's settings.
# Others may be given before: XIEZHI_LANG=en xiezhi doctor
set -a
. /etc/xiezhi/xiezhi.env
set +a
exec runuser -u xiezhi -- /opt/xiezhi/bin/xiezhi "$@"
