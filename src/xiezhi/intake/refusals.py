"""Why a delivered file is refused whole. Every code once, with what the sender should do."""

from __future__ import annotations

from xiezhi.intake.receipts.names import readable_name
from xiezhi.kernel.errors import Place, RefusedDelivery

_PLAIN = ("解压后直接报送,或拆成小文件", "deliver it unpacked or in smaller parts")
_AGAIN = ("重新导出后再报送", "export the file again")
_REPACK = ("用常见工具重新打包", "pack the files again with an ordinary tool")

_UNIT = (
    "在表头写明元、万元等人民币单位(例如 补贴金额(元)),同一列只用一个单位",
    "state one unit of RMB in the header, such as 补贴金额(元), for the whole column",
)

_REFUSALS: dict[str, tuple[str, str, tuple[str, str]]] = {
    "not_found": ("文件不存在", "there is no such file", ("检查路径", "check the path")),
    "empty_file": ("文件为空", "the file is empty", _AGAIN),
    "no_table": (
        "文件里没有表:各工作表都是空的,或只有零星文字",
        "there is no table in the file: its sheets are empty, or hold a word only",
        ("核对是否选错了文件,或导出时漏了数据", "see whether it is the right file, or was exported without its data"),
    ),
    "unknown_format": (
        "不接收这种文件:{what}",
        "not a kind of file that is read here: {what}",
        ("用原来的软件打开,另存为 XLSX 或 CSV 后报送", "open it in its own program, save it as XLSX or CSV and deliver that"),
    ),
    "no_header": (
        "前 {rows} 行中找不到表头",
        "no header among the first {rows} rows",
        ("第一行写上列名", "give the column names in the first row"),
    ),
    "too_many_columns": (
        "列数 {columns} 超过上限 {most}",
        "{columns} columns, more than {most}",
        ("核对分隔符", "check the delimiter"),
    ),
    "encoding_unreadable": (
        "第 {row} 行的文字编码不对:既不是 UTF-8,也不是 GB18030 或 UTF-16",
        "the text of line {row} is broken: it is neither UTF-8 nor GB18030 nor UTF-16",
        ("用 UTF-8 重新导出", "export again as UTF-8"),
    ),
    "encoding_mixed": (
        "同一文件里混有 GB18030 和 UTF-8 两种编码(自第 {row} 行)",
        "GB18030 and UTF-8 are mixed in one file (from line {row})",
        ("统一用 UTF-8 重新导出", "export all of it again as UTF-8"),
    ),
    "record_too_long": (
        "第 {row} 行起的一条记录超过 {most} 字节,或引号未闭合",
        "a record from row {row} on is longer than {most} bytes, or a quote is not closed",
        ("核对引号,缩短单元格", "check the quotes and shorten the cell"),
    ),
    "json_wrapped": (
        "整个文件是一个对象,数据在其中的 {where} 里;这往往只是多页中的一页",
        "the file is one object that holds the data in {where}: often one page of several",
        ("取齐各页,把数据列表单独存成 JSON 或 CSV 报送", "fetch all pages and deliver the list of data by itself"),
    ),
    "json_nested": (
        "{paths} 是嵌套的对象或列表,一列只能是一个值",
        "{paths} are objects or lists within a row, and a column holds one value",
        (
            "请系统按平的行导出:对象的每一项单独成一列,列表单独成一张表;或删去这些项后报送",
            "export flat rows: a column for each member of an object, a table of its own for a list; or leave these members out",
        ),
    ),
    "json_damaged": ("JSON 已损坏:{what}", "the JSON is damaged: {what}", _AGAIN),
    "workbook_damaged": ("工作簿已损坏:{what}", "the workbook is damaged: {what}", _AGAIN),
    "workbook_size": ("工作簿过大:{what}", "the workbook is too big: {what}", ("改报 CSV", "deliver CSV instead")),
    "reader_stopped": (
        "读取这个文件用尽了允许的{zh},已停止读取",
        "reading this file used up the {en} it may have, and was stopped",
        ("拆成小文件,或另存为 CSV 后报送", "deliver it in smaller parts, or saved as CSV"),
    ),
    "reader_broke_down": (
        "读取程序在这个文件上崩溃({what}),其它文件不受影响",
        "the reader broke down on this file ({what}); no other is affected",
        ("用常见的表格软件另存一份后报送;仍不行就另存为 CSV", "save it anew with an ordinary spreadsheet program, or as CSV"),
    ),
    "xml_dtd": (
        "{what} 含有文档类型或实体声明",
        "{what} declares a document type or entities",
        ("另存为普通工作簿", "save as an ordinary workbook"),
    ),
    "encrypted": ("文件已加密", "the file is encrypted", ("去除密码后报送", "deliver it without a password")),
    "archive_damaged": ("压缩包已损坏:{what}", "the archive is damaged: {what}", _REPACK),
    "archive_empty": (
        "压缩包里没有文件",
        "the archive holds no file",
        ("把要报送的文件放进去,重新压缩后报送", "put the files into it, pack it again and deliver it"),
    ),
    "archive_entries": ("压缩包内文件多于 {most} 个", "the archive holds more than {most} files", _PLAIN),
    "archive_size": ("解压后超过 {most} 字节", "it unpacks to more than {most} bytes", _PLAIN),
    "archive_ratio": ("压缩比超过 {most}:1,疑为压缩炸弹", "it unpacks more than {most} times its size, as a bomb does", _PLAIN),
    "archive_nested": ("压缩包嵌套过深", "archives are nested too deep", _PLAIN),
    "archive_duplicate": ("压缩包内有同名文件", "two files in the archive have one name", _REPACK),
    "path_traversal": ("压缩包内的路径指向包外", "a path in the archive leads out of it", _REPACK),
    "unit_foreign": ("{where}的单位“{said}”不是人民币", "the unit of {where_en}, “{said}”, is not RMB", _UNIT),
    "unit_mixed": ("{where}写了几个单位“{said}”", "{where_en} states several units, “{said}”", _UNIT),
    "unit_unknown": ("{where}的单位“{said}”无法识别", "the unit of {where_en}, “{said}”, is not known", _UNIT),
    "unit_unfit": (
        "{where}的单位“{said}”不是契约所要的“{wanted}”",
        "the unit of {where_en}, “{said}”, is not the contract's, “{wanted}”",
        ("换算成契约的单位后再报送", "convert the column to the contract's unit"),
    ),
    "unit_contradictory": (
        "单位前后不一:{said}",
        "units contradict each other: {said}",
        ("改正其中写错的单位", "correct the one that is wrong"),
    ),
    "digits_lost": (
        "“{what}”列 {numbers} 个不同的长号码中有 {lost} 个在第 {kept} 位以后全是 0:它们曾被当作数字保存,末尾已经丢失",
        "of {numbers} long numbers in “{what}” {lost} have but noughts after digit {kept}: saved as numbers, they lost their end",
        ("从原系统按文本格式重新导出这一列", "export the column again from its system, as text"),
    ),
    "decimal_comma": (
        "“{what}”一列用逗号作小数点(如 {shown}),1.250 是一千二百五十还是一点二五分不清",
        "the column {what} has the comma as its decimal sign (such as {shown}): 1.250 may be 1250 or 1.25",
        ("把小数点改为“.”、去掉千位分隔符后重新导出", "export again with a decimal point and without separators"),
    ),
    "list_void": (
        "{where}“{said}”说明所列各行作废、退回或只是示例,不能当作实际数据",
        "{where_en} “{said}” says that its rows are void, sent back or an example: they cannot be read as facts",
        (
            "只报送应当计入的行;这些行应当计入的,改掉这几个字再报送",
            "deliver only rows that count; where these do count, change the words and deliver again",
        ),
    ),
    "rows_above": (
        "表头上面有 {count} 行数据(第 {rows} 行),不是标题",
        "{count} rows above the header are data, no titles (row {rows})",
        ("把表头移到数据上面;两张表分开报送", "move the header above the data; deliver two tables apart"),
    ),
    "header_again": (
        "第 {number} 行又是一个表头,与前面的表头不同({said})",
        "row {number} is a header again, and differs from the first ({said_en})",
        ("拆成两张表分别报送", "deliver the two tables apart"),
    ),
    "row_twice": (
        "工作表已损坏:第 {number} 行出现了两次,只读其中一次会丢数据",
        "the sheet is damaged: row {number} stands in it twice, and either would be lost",
        _AGAIN,
    ),
    "tables_differ": (
        "网页里第 {place} 张表({rows} 行)的表头与其他表不同",
        "table {place} of the page ({rows} rows) has another header than the others",
        ("每张表存成一个文件报送", "deliver each table as a file of its own"),
    ),
    "link": ("链接不予读取", "links are not followed", ("报送文件本身", "deliver the file itself")),
}


_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".et", ".ods")


def refuse_damaged(file: object, member: str | None, what: object) -> RefusedDelivery:
    """A zip that cannot be opened: a workbook where its name says so, which nobody would pack again."""
    workbook = str(member or file).lower().endswith(_WORKBOOKS)
    return refuse("workbook_damaged" if workbook else "archive_damaged", file, member=member, what=what)


def refuse(code: str, file: object, *, member: str | None = None, row: int | None = None, **said: object) -> RefusedDelivery:
    """The error for `code`, to be raised; `said` and the row fill the sentence. `member` (archive member or sheet) says where."""
    zh, en, (todo_zh, todo_en) = _REFUSALS[code]
    place = Place(file=str(file), sheet=member, row=row)
    said = {name: readable_name(value) if isinstance(value, str) else value for name, value in {"row": row, **said}.items()}
    return RefusedDelivery(code, zh=zh.format(**said), en=en.format(**said), place=place, todo_zh=todo_zh, todo_en=todo_en)
