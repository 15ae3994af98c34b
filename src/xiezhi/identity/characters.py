"""Characters of names: which are Chinese, and traditional ones of people and places with their simplified forms.

Only pairs with one simplified form (General List of Simplified Chinese Characters, 1986).
Left out on purpose: forms that a registered name keeps beside a standard one (喆, 堃, 淼, 昇, 甯) and surnames of their own
(於 is not 于, 乾 is not 干), because changing them would join two people.
"""

from __future__ import annotations

import unicodedata

HAN = "㐀-䶿一-鿿豈-龎𠀀-𲎯〇々"
"""Chinese characters, the rare ones outside the first plane included, as a character class."""

_TRADITIONAL = (
    "張劉陳楊黃趙吳孫馬鄭謝許韓鄧馮蕭葉蘇呂盧鍾譚陸賈韋龍萬錢湯顧龔龐鄒閻賴嚴葛莊蔣賀閔鄔齊歐陽諸聞單於鄺羅聶欒關寧喬魯紀項戴談馮"
    "靜麗軍艷豔傑濤鳳華蘭國慶貴偉強剛銀鋒鋼鐵錦鎮錢鑫鈞銘鏡鑄瓊瑩環瑪瑤珍璣寶賓賢賽贊贈質財貞負賀資賜輝軒輯輪輕載達運進遠還邁遲適選遜連"
    "衛習翹義聖聯聰聲職肅脈腦膽興舉舊艦蒼蓮蔭薈蘊藝藥蘆蘋處虛號蟲蠶術補裝製複見規視親覺觀訂計討訓記設訪許訴診評詞試詩誠話誕語誌認誼調請論諾謀"
    "謙講謹證識譯議護讀變讓豐貝貨販貫責貴買費貿資賞質趕躍車軋軟較輔農遼鄉郵醫釋裡針釗鈴鉅銳銅錄錫錶鍵鏈鎖鏢鐘鑒長門閃開閏閑間閣閱闊闖陰隊階際隨"
    "險隱隸雋雙雜難雲電霧靈韻響頁頂順須預領頭頻題顏願類顯風飛飯飲飾養餘館馳駐駿騎騰驍驗驚體魚魯鮑鮮鯉鯤鳥鳴鴻鵬鶴鷹鸞麥黨點鼎齡龜"
    "亞來侖俠倆倉個們倫偵側傳傷僅億儀儂優儲兒內兩冊凍則劃劇劍劑勁動務勛勝勞勢勵勸協卻廠厲參問啟員喚嘉噴嚮囑圍園圓圖團執堅場塊塗塵墊墜墳壓壘壞壯壽夠夢夾奮奪妝婦媽嫻嬌孿學宮寬審寫實寵將專尋對導屆層屬岡島峽崗嶺嶽巒幣帥師帶幫幹幾庫廉廟廣廳"
    "彈彌彎彥後徑從徵德恆悅惠惡愛慣慮憂憑憲應懷戰戲戶拋掃採換揚搖搶擁擇擔據擬擴攜攝敗敵數斷時晉晝暉暢曆曉曄會東條棟棲業極榮槍樂標樓樞樣樸樹橋機檢櫻權歡歲歷歸殘"
    "氣決沒況沖泛洩淚淨淵淺渾測滅滬滿漁漢漣漸潔潛潤澤濃濟瀋瀏灣災為烏無煉煙煥營燈燁燒燦爐爭爾牆牽犧狀獅獎獨獻現畢畫當療癒發盜盞盡監盤眾碩確禮禎禦禪稅稈種稱穀穌積穎穩窮競筆節範築簡簽籃籌糧糾紅約紋純紗紙級紛紫細終組結絕絡給統經綠維綱網綿緊緒線緣編練縣縱總績織繪繼續缺羅"
    "麼黴壩壇龕塢堯蕓蕭蓋薩蘿巖溫澗澱瀾灝濱濰瀟灤鄲鄆鄖邊闕隴陝陽韜頤頌頗飄騫驥鰲鷺麟齋錚鍔鎬鏑鐸鋪鉞釩鈺銓銖鋭錕鎧鎏瑋琿璉瓏瓔禕紹絢綺綾緯縉縝繹纓罡羨翬聿芻荊莖華萊葦蒔蓀蔣蕪薔藍虯蜆襄詠詡詢誦諧諺諭謨譽譜賦贏躋輿轅鄰酈釀"
)
_SIMPLIFIED = (
    "张刘陈杨黄赵吴孙马郑谢许韩邓冯萧叶苏吕卢钟谭陆贾韦龙万钱汤顾龚庞邹阎赖严葛庄蒋贺闵邬齐欧阳诸闻单于邝罗聂栾关宁乔鲁纪项戴谈冯"
    "静丽军艳艳杰涛凤华兰国庆贵伟强刚银锋钢铁锦镇钱鑫钧铭镜铸琼莹环玛瑶珍玑宝宾贤赛赞赠质财贞负贺资赐辉轩辑轮轻载达运进远还迈迟适选逊连"
    "卫习翘义圣联聪声职肃脉脑胆兴举旧舰苍莲荫荟蕴艺药芦苹处虚号虫蚕术补装制复见规视亲觉观订计讨训记设访许诉诊评词试诗诚话诞语志认谊调请论诺谋"
    "谦讲谨证识译议护读变让丰贝货贩贯责贵买费贸资赏质赶跃车轧软较辅农辽乡邮医释里针钊铃巨锐铜录锡表键链锁镖钟鉴长门闪开闰闲间阁阅阔闯阴队阶际随"
    "险隐隶隽双杂难云电雾灵韵响页顶顺须预领头频题颜愿类显风飞饭饮饰养余馆驰驻骏骑腾骁验惊体鱼鲁鲍鲜鲤鲲鸟鸣鸿鹏鹤鹰鸾麦党点鼎龄龟"
    "亚来仑侠俩仓个们伦侦侧传伤仅亿仪侬优储儿内两册冻则划剧剑剂劲动务勋胜劳势励劝协却厂厉参问启员唤嘉喷向嘱围园圆图团执坚场块涂尘垫坠坟压垒坏壮寿够梦夹奋夺妆妇妈娴娇孪学宫宽审写实宠将专寻对导届层属冈岛峡岗岭岳峦币帅师带帮干几库廉庙广厅"
    "弹弥弯彦后径从征德恒悦惠恶爱惯虑忧凭宪应怀战戏户抛扫采换扬摇抢拥择担据拟扩携摄败敌数断时晋昼晖畅历晓晔会东条栋栖业极荣枪乐标楼枢样朴树桥机检樱权欢岁历归残"
    "气决没况冲泛泄泪净渊浅浑测灭沪满渔汉涟渐洁潜润泽浓济沈浏湾灾为乌无炼烟焕营灯烨烧灿炉争尔墙牵牺状狮奖独献现毕画当疗愈发盗盏尽监盘众硕确礼祯御禅税秆种称谷稣积颖稳穷竞笔节范筑简签篮筹粮纠红约纹纯纱纸级纷紫细终组结绝络给统经绿维纲网绵紧绪线缘编练县纵总绩织绘继续缺罗"
    "么霉坝坛龛坞尧芸萧盖萨萝岩温涧淀澜灏滨潍潇滦郸郓郧边阙陇陕阳韬颐颂颇飘骞骥鳌鹭麟斋铮锷镐镝铎铺钺钒钰铨铢锐锟铠鎏玮珲琏珑璎祎绍绚绮绫纬缙缜绎缨罡羡翚聿刍荆茎华莱苇莳荪蒋芜蔷蓝虬蚬襄咏诩询诵谐谚谕谟誉谱赋赢跻舆辕邻郦酿"
)

SIMPLIFIED: dict[str, str] = {
    full: simple for full, simple in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if full != simple and full != "於"
}
"""Traditional → simplified."""

_OTHER_FORMS = ((0x2E80, 0x2FD5), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
"""Radicals and compatibility ideographs: they look like a character and are another one. PDFs and old fonts give them."""

COMMON: dict[str, str] = {
    chr(code): form
    for low, high in _OTHER_FORMS
    for code in range(low, high + 1)
    if (form := unicodedata.normalize("NFKC", chr(code))) != chr(code) and len(form) == 1
}
"""A radical or compatibility ideograph → the character that it stands for (Unicode, NFKC)."""

IN_OTHER_FORM = "[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _OTHER_FORMS) + "]"
"""Whether a name may hold one, as a character class."""
