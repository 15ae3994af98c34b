"""The commands that run the platform. Named here without loading one: each starts Django, which `--help` need not wait for."""

from __future__ import annotations

from xiezhi.cli.commands import Entry

COMMANDS = {
    "audit": Entry(
        "xiezhi.web.cli.audit:command",
        "审计链",
        "the trail: seal, verify, checkpoint, export, deliver, resume",
    ),
    "backup": Entry(
        "xiezhi.web.cli.backup:command",
        "备份数据库与数据目录,含每个文件和每张表的哈希",
        "database and data folder, with the hash of every file and table",
    ),
    "demo": Entry(
        "xiezhi.web.cli.demo:command",
        "造一座小城和它的纪委监委,接收交付、运行模型、产生预警,打开平台",
        "a small city and its commission, the platform running",
    ),
    "demo-commission": Entry(
        "xiezhi.web.cli.demo_commission:command",
        "安置虚构的纪委监委,让它办三个月的事,登记交付",
        "settle the fictional commission, let it work, note its deliveries",
    ),
    "demo-links": Entry(
        "xiezhi.web.cli.demo_links:command",
        "演示用:每个角色一条新的登录链接",
        "for the demonstration: a new sign-in link for each role",
    ),
    "doctor": Entry(
        "xiezhi.web.cli.doctor:command",
        "检查安装:什么不对、怎么改",
        "examine the set-up: what is wrong, and how to mend it",
    ),
    "drill": Entry(
        "xiezhi.web.cli.drill:command",
        "恢复演练:恢复到临时的空库,比对全部哈希",
        "restore into a temporary empty cluster and compare all hashes",
    ),
    "migrate": Entry(
        "xiezhi.web.cli.migrate:command",
        "建立或升级数据库",
        "make or upgrade the database, as the owner of its tables",
    ),
    "processes": Entry(
        "xiezhi.web.cli.processes:command",
        "事项流程",
        "the processes of matters: check, show, draw, docs, verify",
    ),
    "reap": Entry(
        "xiezhi.web.cli.reap:command",
        "收回中断的后台任务",
        "give back the jobs of workers that died",
    ),
    "restore": Entry(
        "xiezhi.web.cli.restore:command",
        "恢复到空的数据目录和空的数据库,并逐一比对哈希",
        "into an empty data folder and database, comparing every hash",
    ),
    "serve": Entry(
        "xiezhi.web.cli.serve:command",
        "打开平台:网页与后台任务",
        "run the platform: web and background jobs",
    ),
    "worker": Entry(
        "xiezhi.web.cli.worker:command",
        "后台任务:接收、运行、封存审计",
        "background jobs: receiving, running, sealing the trail",
    ),
}
